//! Helplines, as `helplines.yaml` names them: numbers only, their names and hours are words.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::directory::holidays::nations;
use crate::directory::number::Diallable;
use crate::domain::ids::HelplineId;
use crate::domain::nation::Nation;
use crate::reading::item::Item;

/// A helpline of some nations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helpline {
    /// Its id, which messages use as a variable.
    pub id: HelplineId,
    /// Where it is valid.
    pub nations: Vec<Nation>,
    /// Its number as it is texted.
    pub number: String,
    /// Its number for textphones and Relay UK.
    pub textphone: Option<String>,
    /// Where the number was read.
    pub source: String,
    /// When it was read there; `None` where nobody has.
    pub verified_on: Option<Date>,
}

/// Reads `helplines.yaml`.
pub(super) fn read_all(item: Item<'_>, today: Date) -> Option<Vec<Helpline>> {
    let mut seen: Vec<(HelplineId, Nation)> = Vec::new();
    item.map(&["helplines"])?.require("helplines")?.each(|row| {
        let helpline = read(row, today)?;
        for nation in &helpline.nations {
            let key = (helpline.id.clone(), *nation);
            if seen.contains(&key) {
                let message = format!("`{}` has another number for {} already", helpline.id, nation.as_str());
                row.error(
                    "duplicate-name",
                    &message,
                    "Keep one of the two rows, or give this one another id.",
                );
            }
            seen.push(key);
        }
        Some(helpline)
    })
}

fn read(item: Item<'_>, today: Date) -> Option<Helpline> {
    let map = item.map(&["id", "nations", "number", "textphone", "source", "verified on"])?;
    let id: Option<HelplineId> = map.require("id").and_then(Item::parsed);
    let nations = map.require("nations").and_then(nations);
    let diallable = |item: Item<'_>| item.parsed().map(|Diallable(number)| number);
    let number = map.require("number").and_then(diallable);
    let textphone = map.find("textphone").and_then(diallable);
    let source = map.require("source").and_then(Item::string);
    let verified_on = map.find("verified on").and_then(Item::day);
    let id = id?;
    let remedy = "Read the number at its source again, and write the day down.";
    match verified_on {
        None => item.warn("unverified-helpline", &format!("nobody has verified `{id}` here"), remedy),
        Some(day) if day < today.saturating_sub(1.year()) => {
            let message = format!("`{id}` was last verified over a year ago, on {day}");
            item.warn("unverified-helpline", &message, remedy);
        }
        Some(_) => {}
    }
    Some(Helpline { id, nations: nations?, number: number?, textphone, source: source?, verified_on })
}
