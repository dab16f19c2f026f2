--[[
	A sample exporter, for games whose orders are logged by more than one script.

	Put it into a ModuleScript in ServerScriptService or ServerStorage (never where players can read
	it: it holds your API key), for example ServerScriptService.OrderLog. It signs in once; every
	other script gets the same, signed-in module from it:

		local orderLog = require(game:GetService("ServerScriptService").OrderLog)
		local order = orderLog.createOrder(player, { UserId = 2 }, { items = { "Latte" } })
		if order.error then
			warn(order.message)
		end

	Have you an exporter already? Then keep it: only the number in require(...) changes.
]]

-- The number of your own upload of orderlog.lua.
local orderLog = require(15254660066)

-- A key from `readyboard key create --for hyra`, and the workspace id of your venue.
orderLog.setupAPI("API-KEY", "WORKSPACE-ID")

return orderLog
