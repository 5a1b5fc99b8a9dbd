import Vocabulary

// The commands of one account go one after the other (Payments.md, The lane of an account).

extension PaymentBook {
    /// Whether `index` is ready and first of a lane that nothing holds.
    func hasTurn(_ index: Int) -> Bool {
        guard payments[index].state == .ready, let lane = lanes[payments[index].account] else {
            return false
        }
        return lane.holder == nil && lane.waiting.first == index
    }

    /// Puts a ready command into the lane of its account.
    mutating func queue(_ index: Int) {
        lanes[payments[index].account, default: Lane()].waiting.append(index)
        if hasTurn(index) { turns.append(index) }
    }

    /// Frees the lane of a command's account, or holds it, where its new state asks for that.
    mutating func turn(_ index: Int, from before: PaymentState, to next: PaymentState) {
        let account = payments[index].account
        guard var lane = lanes[account] else { return }
        let first = lane.waiting.first
        let wasHeld = lane.holder != nil
        if before == .ready { lane.waiting.removeAll { $0 == index } }
        lane.hold(index, next.holdsLane)
        lanes[account] = lane
        if lane.holder == nil, let next = lane.waiting.first, wasHeld || next != first {
            turns.append(next)
        }
        dropPassedTurns()
    }

    mutating func dropPassedTurns() {
        while turnsBegin < turns.count, !hasTurn(turns[turnsBegin]) { turnsBegin += 1 }
        if turnsBegin > 1_024, turnsBegin * 2 > turns.count {
            turns.removeFirst(turnsBegin)
            turnsBegin = 0
        }
    }
}

extension PaymentBook.Lane {
    /// Takes note of whether a command holds the lane.
    mutating func hold(_ index: Int, _ holds: Bool) {
        if holds {
            if holder == nil {
                holder = index
            } else if holder != index, !others.contains(index) {
                others.append(index)
            }
        } else if holder == index {
            holder = others.isEmpty ? nil : others.removeFirst()
        } else if !others.isEmpty {
            others.removeAll { $0 == index }
        }
    }
}
