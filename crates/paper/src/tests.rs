use super::*;

fn sheet(rows: usize, language: &str) -> Sheet {
    let column = |title: &str, is_figure, share| Column { title: title.to_owned(), is_figure, share };
    let text = |text: &str| text.to_owned();
    Sheet {
        language: language.to_owned(),
        title: text("报价单"),
        company: text("晨光商贸"),
        page: text("第 {page} 页，共 {pages} 页"),
        facts: vec![[text("编号"), text("Q-2026-00042")], [text("有效期至"), text("2026-12-31")]],
        addressee: text("客户"),
        customer: vec![text("杭州某某有限公司"), text("王伟")],
        columns: vec![column("#", true, None), column("名称", false, Some(4)), column("金额", true, Some(1))],
        rows: (1..=rows).map(|n| vec![n.to_string(), format!("西湖龙井 {n} 号"), format!("{n}00.00")]).collect(),
        sums: vec![[text("小计"), text("100.00")]],
        total: [text("合计"), text("113.00")],
        notes: vec![text("款到发货")],
    }
}

fn pages(sheet: &Sheet) -> usize {
    House::of(&serde_json::to_string(sheet).unwrap()).pages()
}

#[test]
fn a_sheet_becomes_a_pdf_of_several_pages() {
    let one = pdf(&sheet(3, "zh-Hans")).unwrap();
    assert!(one.starts_with(b"%PDF-"), "{:?}", &one[..8]);
    let many = pdf(&sheet(50, "en")).unwrap();
    assert!(many.len() > one.len());
    assert!(many.len() < 400_000, "the font is embedded as far as it is used: {}", many.len());
    assert_eq!((pages(&sheet(3, "en")), pages(&sheet(50, "zh-Hant"))), (1, 2));
}

#[test]
fn what_somebody_has_written_is_text() {
    let mut bad = sheet(1, "en");
    let words =
        ["#read(\"/etc/passwd\")", "$x^2$", "*b*", "#panic()", "\\", "#{", "= H", "@x <y>", "]", "\u{0}\u{202e}"];
    bad.rows = words.iter().map(|word| vec!["1".into(), (*word).into(), (*word).into()]).collect();
    bad.notes = words.iter().map(|word| (*word).to_owned()).collect();
    bad.customer = bad.notes.clone();
    bad.company = "#include \"x.typ\"".into();
    assert!(pdf(&bad).unwrap().starts_with(b"%PDF-"));
}

#[test]
fn what_is_too_long_is_refused() {
    assert_eq!(pdf(&sheet(1_001, "en")), Err(Trouble::TooLong));
}

#[test]
fn a_press_has_so_much_room() {
    let press = Press::open(1, 1).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    let mut taken = 0;
    for _ in 0..20 {
        let tell = tell.clone();
        taken += usize::from(press.print(sheet(20, "en"), move |done| tell.send(done.is_ok()).unwrap()).is_ok());
    }
    assert!((1..20).contains(&taken), "{taken}");
    drop(tell);
    assert_eq!(told.iter().filter(|good| *good).count(), taken);
}
