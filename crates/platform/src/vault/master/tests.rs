use super::*;

fn own(folder: &Path) -> Source {
    Source::Own(folder.to_path_buf())
}

fn newest(masters: &Masters) -> Option<String> {
    masters.newest(|id, _| id.to_owned())
}

#[test]
fn the_newest_stands_first_and_all_open() {
    let key = |byte: u8| BASE64.encode([byte; 32]);
    let text = format!("b:{}, a:{}\n# one more\n{}\n", key(2), key(1), key(3));
    let masters = Masters::open(&Source::Given(Given::read(&text).unwrap()), true).unwrap();
    assert_eq!(newest(&masters).as_deref(), Some("b"));
    assert_eq!(masters.called("a", |key| key.bytes().to_vec()), Some(vec![1; 32]));
    let unnamed = Key::of(&[3; 32]).unwrap().name();
    assert_eq!(masters.called(&unnamed, |key| key.bytes().to_vec()), Some(vec![3; 32]));
    assert!(masters.called("c", |_| ()).is_none());
}

#[test]
fn a_fault_tells_no_key() {
    let short = BASE64.encode([9; 31]);
    for text in [short.clone(), format!("a:{short}"), format!("a b:{}", BASE64.encode([9; 32])), "a:?".into()] {
        let fault = Given::read(&text).unwrap_err();
        assert!(!fault.contains(&short) && !fault.contains("CQkJ"), "{fault}");
    }
    let twice = format!("a:{0},a:{0}", BASE64.encode([9; 32]));
    assert!(Given::read(&twice).is_err());
}

#[test]
fn the_first_start_makes_a_file_for_nobody_else_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let source = own(&folder.path().join("data"));
    let first = newest(&Masters::open(&source, true).unwrap());
    assert!(first.is_some() && !source.is_open_to_others());
    assert_eq!(newest(&Masters::open(&source, true).unwrap()), first);
    assert_eq!(fs::read_dir(folder.path().join("data")).unwrap().count(), 1);
}

/// Else what an earlier key has sealed would be taken for lost without a word.
#[test]
fn a_later_start_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    assert!(newest(&Masters::open(&own(folder.path()), false).unwrap()).is_none());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_key_that_came_meanwhile_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let one = Masters::open(&own(folder.path()), true).unwrap();
    let other = Masters::open(&own(folder.path()), true).unwrap();
    let old = newest(&one).unwrap();
    let new = one.renew().unwrap().unwrap();
    assert_eq!(newest(&one), Some(new.clone()));
    assert!(other.called(&new, |_| ()).is_some() && other.called(&old, |_| ()).is_some());
}
