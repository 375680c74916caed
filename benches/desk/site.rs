//! The inbox over a store, and somebody who looks at it.

use std::sync::Arc;

use footbridge::clock::Clock;
use footbridge::content::Content;
use footbridge::domain::ids::StaffId;
use footbridge::domain::message::Words;
use footbridge::domain::staff::Role;
use footbridge::inbox::Inbox;
use footbridge::inbox::live::Live;
use footbridge::inbox::password::Passwords;
use footbridge::intake::House;
use footbridge::store::randomness::Randomness;
use footbridge::store::staff::NewStaff;
use futures_util::FutureExt;
use tokio::sync::Notify;
use zeroize::Zeroizing;

use crate::filled::SERVICES;
use crate::support::app::PASSWORD;
use crate::support::app::PUBLIC_URL;
use crate::support::page::Page;
use crate::support::people::at;
use crate::support::stores::TestStore;
use crate::support::worker::Worker;

/// As many as a large region employs.
const STAFF: u8 = 30;

/// The inbox, and who looks at it.
pub struct Site {
    worker: Worker,
    staff: Vec<StaffId>,
}

impl Site {
    /// Thirty colleagues, the first of whom works for every service and looks.
    pub async fn over(store: &TestStore) -> Self {
        let (content, _) = Content::load(None, None, true, at(0)).expect("the embedded files");
        let house = House {
            store: store.handle(),
            clock: Clock::settable(at(0)),
            content: Arc::new(content.expect("sound files")).into(),
            wake: Arc::new(Notify::new()),
            base: PUBLIC_URL.into(),
        };
        let passwords = Passwords::new([9; 32]).expect("ready");
        let hash = passwords.hash(Zeroizing::new(PASSWORD.to_owned()), [3; 16]).await.expect("a hash");
        let mut staff = Vec::new();
        for number in 0..STAFF {
            let services = match number {
                0 => SERVICES.to_vec(),
                _ => vec![SERVICES[usize::from(number) % SERVICES.len()]],
            };
            let new = NewStaff {
                email: format!("w{number}@example.org").parse().expect("an address"),
                name: format!("Worker {number}").parse().expect("a name"),
                role: Role::LinkWorker,
                password_hash: Words(hash.clone()),
                services: services.into_iter().map(|service| service.parse().expect("a name")).collect(),
            };
            let added = store.write(move |tx| {
                let new = new.clone();
                async move { tx.add_staff(&new, at(0)).await }.boxed()
            });
            staff.push(added.await.expect("an account"));
        }
        let inbox = Inbox {
            house,
            randomness: Randomness::System,
            passwords,
            base: PUBLIC_URL.into(),
            second_factor_required: false,
            live: Live::default(),
            part_price: None,
            brand: footbridge::inbox::brand::Brand::default(),
            demo: false,
        };
        let router = footbridge::inbox::router(inbox);
        Self { worker: Worker::signed_in(router, "w0@example.org", PASSWORD).await, staff }
    }

    /// Who works here.
    pub fn staff(&self) -> &[StaffId] {
        &self.staff
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        let page = self.worker.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        page
    }

    /// Looks for somebody.
    pub async fn find(&self, typed: &str) -> Page {
        let page = self.worker.post("/inbox/search", &[("find", typed)]).await;
        assert_eq!(page.status, 200);
        page
    }
}
