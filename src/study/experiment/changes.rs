//! Changes of single fields of a recipe, and how tables of fields are joined.

use crate::{Error, Result};
use toml::{Table, Value};

/// Changes as they are given: the dotted key of a field, and its value in TOML.
pub(crate) type Changes<'a> = [(&'a str, &'a str)];

/// All `changes` in one table, whatever their order.
///
/// # Errors
/// A key that is none; a value that is not TOML; a field that is given twice.
pub(crate) fn table_of(changes: &Changes) -> Result<Table> {
    let mut all = Table::new();
    for (key, text) in changes {
        let words: Vec<&str> = key.split('.').collect();
        if words.iter().any(|word| word.trim() != *word || word.is_empty()) {
            return Err(Error::Invalid(format!("\"{key}\" is no key of a recipe: write one as training.epochs")));
        }
        let (first, rest) = (words[0], &words[1..]);
        let nested = |value, word: &&str| Value::Table(Table::from_iter([(word.to_string(), value)]));
        join(&mut all, first, rest.iter().rev().fold(value(key, text)?, nested), key)?;
    }
    Ok(all)
}

/// A value of TOML. Words need no quotation marks: a shell would take them away.
fn value(key: &str, text: &str) -> Result<Value> {
    let text = text.trim();
    let parsed = format!("value = {text}").parse::<Table>().ok().filter(|table| table.len() == 1);
    if let Some(value) = parsed.and_then(|mut table| table.remove("value")) {
        return Ok(value);
    }
    let begins_word = |first: char| first.is_alphabetic() || "/._~".contains(first);
    if text.starts_with(begins_word) && !text.contains(['"', '\'', '\n']) {
        return Ok(Value::String(text.into()));
    }
    Err(Error::Invalid(format!(
        "{key}={text}: that is no value of TOML; there are numbers, true and false, words, \"texts\", [lists] and \
         {{ tables = 1 }}"
    )))
}

/// Puts a value into the table of the changes so far; `whole` is its key from the root.
fn join(table: &mut Table, key: &str, value: Value, whole: &str) -> Result<()> {
    match (table.get_mut(key), value) {
        (None, value) => {
            table.insert(key.into(), value);
            Ok(())
        }
        (Some(Value::Table(old)), Value::Table(new)) => {
            new.into_iter().try_for_each(|(key, value)| join(old, &key, value, whole))
        }
        _ => Err(Error::Invalid(format!("{whole} is given twice: give each field once"))),
    }
}

/// `base` with the fields of `changes` in place of its own. Tables are joined field by field, but for those that name
/// another kind, as another optimizer: the fields of one kind say nothing of another. Lists are replaced whole.
pub(crate) fn over(mut base: Table, changes: Table) -> Table {
    for (key, change) in changes {
        let joined = match (base.remove(&key), change) {
            (Some(Value::Table(old)), Value::Table(new)) if !is_of_another_kind(&old, &new) => {
                Value::Table(over(old, new))
            }
            (_, new) => new,
        };
        base.insert(key, joined);
    }
    base
}

fn is_of_another_kind(old: &Table, new: &Table) -> bool {
    new.get("name").is_some_and(|name| old.get("name") != Some(name))
}

/// The file of a recipe with the changes made to it, for messages.
pub(crate) fn with_changes(file: &str, changes: &Changes) -> String {
    let changes: Vec<String> = changes.iter().map(|(key, value)| format!("{key}={value}")).collect();
    if changes.is_empty() { file.into() } else { format!("{file} with {}", changes.join(", ")) }
}
