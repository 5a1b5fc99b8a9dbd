import CommandLine

// What programs read, with the members of each object in the order of their names.
extension Summary {
    /// One line of JSON.
    var json: String {
        var line = JSONLine()
        line.add("asked", asked)
        line.add("bidders", bidders)
        line.add("checkThenTake", checkThenTake.json)
        line.add("checks", checks.map(\.json))
        line.add("currency", currency)
        line.add("fairfill", fairfill.json)
        line.add("lockAndGiveBack", lockAndGiveBack.json)
        line.add("money", money.json)
        line.add("ok", ok)
        line.add("price", price)
        line.add("seed", seed)
        line.add("shares", shares)
        return line.line
    }
}

extension Summary.Check {
    fileprivate var json: JSONLine {
        var line = JSONLine()
        line.add("holds", holds)
        line.add("name", name)
        if let seen { line.add("seen", seen) }
        return line
    }
}

extension Summary.Fairfill {
    fileprivate var json: JSONLine {
        var counts = JSONLine()
        for (word, count) in decided.sorted(by: { $0.key < $1.key }) { counts.add(word, count) }
        var line = JSONLine()
        line.add("backlogAtRestart", backlogAtRestart)
        line.add("bids", bids)
        line.add("decided", counts)
        line.add("decisions", decisions)
        line.add("free", free)
        line.add("killedAtReserved", killedAtReserved)
        line.add("reserved", reserved)
        line.add("settled", settled)
        line.add("sharesOfBot", sharesOfBot)
        line.add("sharesOfImpatient", sharesOfImpatient)
        if let takeOverMilliseconds { line.add("takeOverMilliseconds", takeOverMilliseconds) }
        line.add("waiting", waiting)
        return line
    }
}

extension Summary.Money {
    fileprivate var json: JSONLine {
        var line = JSONLine()
        line.add("collected", collected)
        line.add("doubts", doubts)
        line.add("failedPayments", failedPayments)
        line.add("lies", lies)
        line.add("mostOfACommand", mostOfACommand)
        line.add("movements", movements)
        line.add("payerKilledAtSettled", payerKilledAtSettled)
        line.add("promotedShares", promotedShares)
        return line
    }
}

extension OldWay.Outcome {
    fileprivate var json: JSONLine {
        var line = JSONLine()
        line.add("compareAndSetRetries", compareAndSetRetries)
        line.add("givenBack", givenBack)
        line.add("givenBackWhenFull", givenBackWhenFull)
        if let markedFullAtSeconds {
            line.add("markedFullAtSeconds", markedFullAtSeconds, decimals: 2)
        }
        line.add("sold", sold)
        line.add("soldToBot", soldToBot)
        line.add("soldToImpatient", soldToImpatient)
        return line
    }
}
