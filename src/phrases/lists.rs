//! Many short lists in one.
//!
//! Invariant: a list is never changed once it stands; that keeps each of some ten thousand at four bytes beside its items.

/// Lists, numbered from 0 in the order in which they were added.
#[derive(Debug)]
pub struct Lists<T> {
    items: Vec<T>,
    /// One past the last item of each list.
    ends: Vec<u32>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self { items: Vec::new(), ends: Vec::new() }
    }
}

impl<T> Lists<T> {
    /// Adds a list, and gives its number.
    pub fn push(&mut self, items: impl IntoIterator<Item = T>) -> u32 {
        self.items.extend(items);
        self.ends.push(short(self.items.len()));
        short(self.ends.len() - 1)
    }

    /// The list of this number; an empty one where there is none.
    #[must_use]
    pub fn get(&self, number: usize) -> &[T] {
        let Some(end) = self.ends.get(number) else {
            return &[];
        };
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[begin as usize..*end as usize]
    }

    /// Gives back what was set aside for more.
    pub fn settle(&mut self) {
        self.items.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// Half the memory of a `usize`: there are some hundred thousand of anything here, never four thousand million.
pub fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
