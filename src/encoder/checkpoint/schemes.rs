//! What the labels of a checkpoint stand for: schemes are data, and a checkpoint's own numbers are folded into those of the kinds of mention.

use super::wrong;
use crate::error::{Error, Result};
use crate::lexicon::{DataFile, toml};
use crate::types::Kind;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What stands for the number of a label that no label of the checkpoint is.
const ABSENT: f32 = -1e9;

/// A scheme, as its file has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scheme {
    kinds: BTreeMap<String, String>,
    #[serde(default)]
    inside_starts: bool,
    #[serde(default)]
    names: BTreeMap<String, String>,
}

/// Schemes, those of each file apart: who comes first goes first.
#[derive(Clone, Debug)]
pub struct Schemes(Vec<BTreeMap<String, Scheme>>);

/// Where a label says that its token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    First,
    Later,
    /// There is no prefix.
    Any,
}

/// How a checkpoint's numbers become those of our labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Fold {
    /// Our labels: `O B-Person I-Person …`.
    pub outputs: Vec<String>,
    /// Whether a mention may open with a label for what is inside of one.
    pub inside_starts: bool,
    /// For each of our labels, those of the checkpoint that stand for it.
    members: Vec<Vec<usize>>,
    /// How many the checkpoint has.
    labels: usize,
}

impl Schemes {
    /// The schemes of files.
    ///
    /// # Errors
    /// When one does not parse, or names what is no kind of mention.
    pub fn parse(files: &[DataFile]) -> Result<Self> {
        let parse = |file: &DataFile| {
            let schemes: BTreeMap<String, Scheme> = toml(file)?;
            for (name, scheme) in &schemes {
                // Times are read by rules, which say what they mean.
                let is_kind = |kind: &str| Kind::from_name(kind).is_some_and(|kind| kind != Kind::Time);
                if let Some((label, kind)) = scheme.kinds.iter().find(|(_, kind)| !kind.is_empty() && !is_kind(kind)) {
                    let reason = format!(
                        "{kind} is no kind of mention: Person, Organization, MilitaryUnit, Place, Equipment, Event, Nationality, or \"\""
                    );
                    return Err(Error::Data { file: file.name.clone(), place: format!("{name}.kinds.{label}"), reason });
                }
            }
            Ok(schemes)
        };
        Ok(Self(files.iter().map(parse).collect::<Result<_>>()?))
    }

    /// How the numbers of these labels fold. `file` is where they stand, for errors.
    ///
    /// # Errors
    /// When no scheme has all of them; names those that the nearest lacks.
    pub fn fold(&self, labels: &[String], file: &str) -> Result<Fold> {
        let lacking = |scheme: &Scheme| -> BTreeSet<String> {
            let kinds = labels.iter().filter_map(|label| split(scheme, label).map(|(_, kind)| kind));
            kinds.filter(|kind| !scheme.kinds.contains_key(*kind)).map(str::to_owned).collect()
        };
        let mut nearest: Option<(&str, BTreeSet<String>)> = None;
        for one in &self.0 {
            let mut schemes: Vec<(&String, &Scheme)> = one.iter().collect();
            schemes.sort_by_key(|(name, scheme)| (scheme.kinds.len(), *name));
            for (name, scheme) in schemes {
                let lacks = lacking(scheme);
                if lacks.is_empty() {
                    return fold(scheme, labels)
                        .map_err(|reason| wrong(file, reason, "models/bert/labels.toml shows how schemes are written"));
                }
                if nearest.as_ref().is_none_or(|(_, least)| lacks.len() < least.len()) {
                    nearest = Some((name, lacks));
                }
            }
        }
        let (name, lacks) = nearest.unwrap_or_default();
        let lacks = Vec::from_iter(lacks);
        let example = match lacks.first() {
            Some(label) if label.starts_with("LABEL_") => format!("names.{label} = \"O\" (or \"B-PER\" and so on)"),
            Some(label) => format!("kinds.{label} = \"Person\" (or \"\" for none)"),
            None => String::new(),
        };
        Err(wrong(
            file,
            format!("no scheme of labels has all of its labels; {name}, the nearest, lacks {}", lacks.join(", ")),
            format!(
                "write a scheme with all its labels into a file labels.toml beside it, as models/bert/labels.toml shows: [mine] {example}"
            ),
        ))
    }
}

/// The part and the name that a label has; `None` for what is outside of mentions.
fn split<'l>(scheme: &'l Scheme, label: &'l str) -> Option<(Part, &'l str)> {
    let label = scheme.names.get(label).map_or(label, String::as_str);
    if label == "O" {
        return None;
    }
    let prefixed = label.split_once(['-', '_']).and_then(|(prefix, name)| {
        let part = match prefix {
            "B" | "S" | "U" => Part::First,
            "I" | "E" | "L" | "M" => Part::Later,
            _ => return None,
        };
        Some((part, name))
    });
    Some(prefixed.unwrap_or((Part::Any, label)))
}

fn fold(scheme: &Scheme, labels: &[String]) -> std::result::Result<Fold, &'static str> {
    let parts: Vec<Option<(Part, &str)>> = labels
        .iter()
        .map(|label| {
            split(scheme, label)
                .and_then(|(part, kind)| Some((part, scheme.kinds.get(kind)?.as_str())).filter(|(_, kind)| !kind.is_empty()))
        })
        .collect();
    let mut kinds: Vec<&str> = Vec::new();
    for (_, kind) in parts.iter().flatten() {
        if !kinds.contains(kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        return Err("none of its labels is a kind of mention");
    }
    let mut outputs = vec!["O".to_owned()];
    outputs.extend(kinds.iter().flat_map(|kind| [format!("B-{kind}"), format!("I-{kind}")]));
    let mut members = vec![Vec::new(); outputs.len()];
    for (number, part) in parts.iter().enumerate() {
        let place = part.map_or(0, |(part, kind)| {
            let kind = kinds.iter().position(|k| *k == kind).unwrap_or(0);
            1 + 2 * kind + usize::from(part != Part::First)
        });
        members[place].push(number);
    }
    if members[0].is_empty() {
        return Err("none of its labels is for what is outside of mentions (O)");
    }
    let no_firsts = (0..kinds.len()).any(|kind| members[1 + 2 * kind].is_empty());
    Ok(Fold { outputs, inside_starts: scheme.inside_starts || no_firsts, members, labels: labels.len() })
}

impl Fold {
    /// How many labels the checkpoint has.
    #[must_use]
    pub fn labels(&self) -> usize {
        self.labels
    }

    /// The numbers of our labels for those of a checkpoint: their probabilities are the sums of its labels'.
    pub fn apply(&self, row: &[f32], out: &mut Vec<f32>) {
        out.clear();
        out.extend(self.members.iter().map(|members| {
            let top = members.iter().map(|&label| row[label]).fold(ABSENT, f32::max);
            match members.len() {
                0 | 1 => top,
                _ => top + members.iter().map(|&label| (row[label] - top).exp()).sum::<f32>().ln(),
            }
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemes(mine: &str) -> Schemes {
        let built_in =
            DataFile { name: "models/bert/labels.toml".to_owned(), text: include_str!("../../../models/bert/labels.toml").to_owned() };
        Schemes::parse(&[DataFile { name: "labels.toml".to_owned(), text: mine.to_owned() }, built_in]).expect("the files are right")
    }

    fn fold(mine: &str, labels: &str) -> Result<Fold> {
        schemes(mine).fold(&labels.split(' ').map(str::to_owned).collect::<Vec<_>>(), "config.json")
    }

    #[test]
    fn labels_of_the_known_checkpoints_have_schemes() {
        let conll = fold("", "O B-MISC I-MISC B-PER I-PER B-ORG I-ORG B-LOC I-LOC").expect("a scheme");
        assert_eq!(conll.outputs, ["O", "B-Person", "I-Person", "B-Organization", "I-Organization", "B-Place", "I-Place"]);
        assert!(conll.inside_starts);
        assert_eq!(conll.members, [vec![0, 1, 2], vec![3], vec![4], vec![5], vec![6], vec![7], vec![8]]);
        let ontonotes = fold("", "O B-CARDINAL B-GPE I-GPE B-LOC I-LOC B-FAC I-FAC B-NORP I-NORP B-DATE I-DATE").expect("a scheme");
        assert_eq!(ontonotes.outputs, ["O", "B-Place", "I-Place", "B-Nationality", "I-Nationality"]);
        assert!(!ontonotes.inside_starts);
        assert_eq!(ontonotes.members, [vec![0, 1, 10, 11], vec![2, 4, 6], vec![3, 5, 7], vec![8], vec![9]]);
        let own = fold("", "O B-Person I-Person B-MilitaryUnit I-MilitaryUnit").expect("a scheme");
        assert_eq!((own.inside_starts, own.members.len()), (false, 5));
        assert_eq!(fold("", "O B-gpe I-gpe B-geo I-geo B-tim I-tim").expect("a scheme").outputs[1], "B-Nationality");
    }

    #[test]
    fn labels_without_parts_or_with_more_of_them_fold_too() {
        let bare = fold("", "O PER LOC").expect("a scheme");
        assert!(bare.inside_starts);
        assert_eq!(bare.members, [vec![0], vec![], vec![1], vec![], vec![2]]);
        let many = fold("", "O B-PER I-PER E-PER S-PER").expect("a scheme");
        assert_eq!(many.members, [vec![0], vec![1, 4], vec![2, 3]]);
    }

    #[test]
    fn probabilities_are_summed() {
        let fold = fold("", "O B-GPE I-GPE B-LOC I-LOC B-DATE I-DATE").expect("a scheme");
        let row = [1.0, 2.0, -1.0, 0.5, 3.0, 0.0, -2.0];
        let mut out = Vec::new();
        fold.apply(&row, &mut out);
        let share = |of: &[f32], at: &[usize]| at.iter().map(|&i| of[i].exp()).sum::<f32>() / of.iter().map(|x| x.exp()).sum::<f32>();
        for (at, members) in [(0, &[0, 5, 6][..]), (1, &[1, 3]), (2, &[2, 4])] {
            assert!((share(&out, &[at]) - share(&row, members)).abs() < 1e-6);
        }
    }

    #[test]
    fn a_users_scheme_goes_first_and_names_numbers() {
        let mine = "[mine]\nkinds.PER = \"Person\"\nkinds.WPN = \"Equipment\"\nnames.LABEL_0 = \"O\"\nnames.LABEL_1 = \"B-WPN\"\nnames.LABEL_2 = \"I-WPN\"";
        assert_eq!(fold(mine, "LABEL_0 LABEL_1 LABEL_2").expect("a scheme").outputs, ["O", "B-Equipment", "I-Equipment"]);
        assert!(!fold(mine, "O B-PER I-PER").expect("a scheme").inside_starts);
    }

    #[test]
    fn labels_must_say_what_is_outside_and_something_that_is_not() {
        assert!(fold("", "B-PER I-PER").expect_err("no O").to_string().contains("outside of mentions"));
        assert!(fold("", "O B-MISC I-MISC").expect_err("no kind").to_string().contains("none of its labels is a kind"));
        assert!(fold("", "LABEL_0 LABEL_1").expect_err("numbers").hint().is_some_and(|hint| hint.contains("names.LABEL_0")));
    }

    #[test]
    fn an_unknown_label_is_named_with_what_to_do() {
        let error = fold("", "O B-PER I-PER B-WEAPON I-WEAPON").expect_err("no scheme has WEAPON");
        assert!(
            error.to_string().starts_with("config.json: ") && error.to_string().contains("conll2003, the nearest, lacks WEAPON"),
            "{error}"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("kinds.WEAPON")), "{error:?}");
        let file = DataFile { name: "labels.toml".to_owned(), text: "[mine]\nkinds.PER = \"People\"".to_owned() };
        let error = Schemes::parse(&[file]).expect_err("no such kind").to_string();
        assert!(error.starts_with("labels.toml: mine.kinds.PER: People is no kind"), "{error}");
    }
}
