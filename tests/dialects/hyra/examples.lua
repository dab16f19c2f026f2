-- The scripts of the system's two guides, as they are written there.

--## require
local orderLog = require(15254660066)
_G.orderLog = orderLog

--## authenticate
orderLog.setupAPI(apiKey, workspaceId)

--## create with players
orderLog.createOrder(customer, actor, {
    items = {"item 1", "item 2"},
    status = "waiting_for_preparation",
})

--## create with users
orderLog.createOrder({ UserId = 1}, { UserId = 2}, {
    items = {"item 1", "item 2"},
    status = "waiting_for_preparation",
})

--## create in the older guide
orderLog.createOrder(customer, actor, {
	items = {"item 1", "item 2"},
	status = "waiting_for_preparation",
})

--## waiting
orderLog.setWaiting("653db4bb1e3727cc1851ac07")

--## preparing
orderLog.setPreparing("653db4bb1e3727cc1851ac07", game.Players.Roblox) -- Or spoof a player object (see docs - Creating an Order, Using User Object)

--## preparing in the older guide
orderLog.setPreparing("653db4bb1e3727cc1851ac07", game.Players.Roblox)

--## finding a new colleague
orderLog.setReprepare("653db4bb1e3727cc1851ac07")

--## ready for pickup
orderLog.setReadyForPickup("653db4bb1e3727cc1851ac07")

--## completed
orderLog.setComplete("653db4bb1e3727cc1851ac07")

--## cancelled
orderLog.setCancelled("653db4bb1e3727cc1851ac07")
