//! The [table](super::table) of claims as Apache Parquet, for DuckDB, Polars, pandas and the like: numbers as DOUBLE, days as DATE, counts as INT32, the rest
//! as UTF-8 strings; an empty cell is null. In the names of columns an underscore stands for a space or hyphen.

use super::table::{COLUMNS, Kind, Row};
use crate::error::{Error, Result};
use jiff::civil::{Date, date};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::Result as ParquetResult;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use std::io::Write;
use std::sync::Arc;

/// Rows of a row group.
const GROUP: usize = 100_000;
/// The day from which Parquet counts.
const EPOCH: Date = date(1970, 1, 1);

/// Writes the rows as one Parquet file, compressed with Snappy.
///
/// # Errors
/// When the writer fails.
pub fn write(rows: &[Row], out: &mut (impl Write + Send)) -> Result<()> {
    file(rows, out).map_err(|error| match error {
        parquet::errors::ParquetError::External(source) => match source.downcast::<std::io::Error>() {
            Ok(source) => Error::Io { path: "output".into(), source: *source },
            Err(source) => Error::Graph(format!("Parquet: {source}")),
        },
        other => Error::Graph(format!("Parquet: {other}")),
    })
}

fn file(rows: &[Row], out: &mut (impl Write + Send)) -> ParquetResult<()> {
    let fields = COLUMNS.iter().map(|(name, kind)| field(name, *kind).map(Arc::new)).collect::<ParquetResult<_>>()?;
    let schema = Arc::new(Type::group_type_builder("claims").with_fields(fields).build()?);
    let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
    let mut writer = SerializedFileWriter::new(out, schema, properties)?;
    for rows in rows.chunks(GROUP) {
        let mut group = writer.next_row_group()?;
        for (at, (_, kind)) in COLUMNS.iter().enumerate() {
            let cells = || rows.iter().map(move |row| row.cells[at].as_deref());
            let Some(mut column) = group.next_column()? else { break };
            match kind {
                Kind::Text => write_column::<ByteArrayType>(&mut column, cells().map(|cell| cell.map(ByteArray::from)))?,
                Kind::Number => write_column::<DoubleType>(&mut column, cells().map(|cell| cell?.parse().ok()))?,
                Kind::Day => write_column::<Int32Type>(&mut column, cells().map(|cell| days(cell?)))?,
                Kind::Count => write_column::<Int32Type>(&mut column, cells().map(|cell| cell?.parse().ok()))?,
            }
            column.close()?;
        }
        group.close()?;
    }
    writer.close().map(drop)
}

fn field(name: &str, kind: Kind) -> ParquetResult<Type> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Count => (Physical::INT32, None),
    };
    let name = name.replace([' ', '-'], "_");
    Type::primitive_type_builder(&name, physical).with_repetition(Repetition::OPTIONAL).with_logical_type(logical).build()
}

/// Writes a column whose values may be null.
fn write_column<T: DataType>(column: &mut SerializedColumnWriter<'_>, cells: impl Iterator<Item = Option<T::T>>) -> ParquetResult<()> {
    let mut levels = Vec::new();
    let mut values = Vec::new();
    for cell in cells {
        levels.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    column.typed::<T>().write_batch(&values, Some(&levels), None).map(drop)
}

/// Days since the epoch.
fn days(day: &str) -> Option<i32> {
    let day: Date = day.parse().ok()?;
    Some(day.since(EPOCH).ok()?.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::table;
    use crate::graph::fixtures;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    #[test]
    fn the_file_holds_the_cells_typed_and_nulls_where_there_are_none() {
        let rows = table::rows(&fixtures::graph());
        let mut written = Vec::new();
        write(&rows, &mut written).expect("written");
        let reader = SerializedFileReader::new(bytes::Bytes::from(written)).expect("Parquet");
        let mut seen = 0;
        for (row, read) in rows.iter().zip(reader.get_row_iter(None).expect("rows")) {
            for (cell, (_, field)) in row.cells.iter().zip(read.expect("a row").get_column_iter()) {
                let same = match (cell.as_deref(), field) {
                    (None, Field::Null) => true,
                    (Some(text), Field::Str(read)) => text == read,
                    (Some(text), Field::Double(read)) => text.parse() == Ok(*read),
                    (Some(text), Field::Int(read)) => text.parse() == Ok(*read),
                    (Some(text), Field::Date(read)) => days(text) == Some(*read),
                    _ => false,
                };
                assert!(same, "{cell:?} was read back as {field}");
            }
            seen += 1;
        }
        assert_eq!(seen, rows.len());
        assert_eq!(days("1970-03-01"), Some(59));
        assert_eq!(days("1969-12-31"), Some(-1));
    }
}
