use std::{path::PathBuf, time::Instant};

use super::*;

/// Real files, where `GUANXI_TEST_DATA` names the folder that has them: (file, rows, columns).
const FILES: [(&str, usize, usize); 5] = [
    ("northwind_customers.csv", 91, 11),
    ("northwind_products.csv", 77, 10),
    ("northwind_orders.csv", 830, 14),
    ("northwind_order_details.csv", 2155, 5),
    ("online_retail_to_2011-09-09.csv", 334_054, 8),
];

#[test]
fn real_files_are_read_whole() {
    let Some(folder) = std::env::var_os("GUANXI_TEST_DATA").map(PathBuf::from) else {
        return println!("skipped: GUANXI_TEST_DATA is not set");
    };
    for (name, count, columns) in FILES {
        let path = folder.join(name);
        if !path.exists() {
            println!("skipped: {name}");
            continue;
        }
        let start = Instant::now();
        let table = Table::open(&path, Format::Auto, &Options::default()).unwrap();
        assert_eq!(table.header().len(), columns, "{name}");
        let good = table.filter(|row| row.as_ref().unwrap().cells.is_ok()).count();
        let seconds = start.elapsed().as_secs_f64();
        println!("{name}: {good} rows in {seconds:.3} s, {:.0} rows/s", good as f64 / seconds);
        assert_eq!(good, count, "{name}");
    }
}
