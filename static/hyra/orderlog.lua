--[[
	Order logging for Roblox games, by Readyboard.

	A ModuleScript for the server side of a game: it tells a Readyboard server of every order and of
	every step of it, and the order ready board shows them at once.

	How to put it into a game
	  1. Paste this whole file into a ModuleScript named MainModule and publish that as a model.
	  2. In your scripts change only the number in require(...) to the number of that model.
	  3. Game settings, Security: switch "Allow HTTP requests" on.
	  4. Call setupAPI(apiKey, workspaceId) once per game server, from a server script.
	Roblox reaches servers by port 80, 443 or any from 1024 on, except 1194.

	orderLog.setupAPI(apiKey, workspaceId)            a third argument is another server's address
	orderLog.createOrder(customer, actor, { items = { "Latte" }, status = "submitted" })
	orderLog.setWaiting(orderId)
	orderLog.setPreparing(orderId, preparedBy)
	orderLog.setReprepare(orderId)
	orderLog.setReadyForPickup(orderId)
	orderLog.setComplete(orderId)
	orderLog.setCancelled(orderId)

	Customer, actor and preparedBy are Players, or tables such as { UserId = 1 }. Actors who are no
	players: 1 POS, 2 Kiosk, 3 Mobile Ordering, 4 NPC.

	Every function returns { error = false, ... } or { error = true, message = "..." } and none ever
	raises an error. createOrder returns the order's id and order_number; changes go by the id.
	Calls wait until the server has answered; use task.spawn if your script must not wait.
]]

-- The server's address, as it was when this file was fetched from it.
local BASE_URL = "http://localhost:8080/hyra"

local MOST_RETRIES = 5
-- Roblox allows 500 a minute and game server; the rest is left to the game's other scripts.
local REQUESTS_A_MINUTE = 450
local LONGEST_WAIT = 120 -- seconds before a retry
local STALLED = 300 -- seconds after which a call is given up for dead by those behind it
local POLL = 0.05 -- seconds between looks whether it is a call's turn
local LONGEST_NAME = 80
local LONGEST_ITEM = 200

local HttpService = game:GetService("HttpService")

local orderLog = {}
local login = nil

local function failed(message)
	return { error = true, message = message }
end

-- Reading a member that an Instance does not have raises.
local function member(value, name)
	local ok, found = pcall(function()
		return value[name]
	end)
	if ok then
		return found
	end
	return nil
end

-- Without control characters, at most so many bytes, and no letter of several bytes cut in two.
local function tidy(text, most)
	local clean = string.gsub(text, "%c", " ")
	if #clean <= most then
		return clean
	end
	local last = most
	while last > 0 do
		local following = string.byte(clean, last + 1)
		if following < 128 or following >= 192 then
			break
		end
		last = last - 1
	end
	return string.sub(clean, 1, last)
end

-- The user id as digits, exact beyond a million million; nil if there is none.
local function userId(value)
	local id = value
	if type(value) ~= "number" and type(value) ~= "string" then
		id = tonumber(member(value, "UserId") or "")
	else
		id = tonumber(value)
	end
	if id == nil or id ~= id or id ~= math.floor(id) or math.abs(id) > 9007199254740992 then
		return nil
	end
	return string.format("%.0f", id), id
end

local function userName(value)
	for _, name in ipairs({ "DisplayName", "Name" }) do
		local found = member(value, name)
		if type(found) == "string" and string.find(found, "%S") then
			return tidy(found, LONGEST_NAME)
		end
	end
	return nil
end

-- A fresh list: encoding a table of mixed keys would lose some of them.
local function listOf(items)
	if items == nil then
		return {}
	end
	if type(items) ~= "table" then
		return nil
	end
	local places = {}
	for place, item in pairs(items) do
		local kind = type(item)
		if type(place) ~= "number" or (kind ~= "string" and kind ~= "number") then
			return nil
		end
		table.insert(places, place)
	end
	table.sort(places)
	local list = {}
	for _, place in ipairs(places) do
		table.insert(list, tidy(tostring(items[place]), LONGEST_ITEM))
	end
	return list
end

-- Times of the latest requests, in a ring: the next slot holds the one that is longest ago.
local sentAt = {}
local newest = 0

local function awaitAllowance()
	while true do
		local oldest = sentAt[newest % REQUESTS_A_MINUTE + 1]
		local wait = 0
		if oldest ~= nil then
			wait = oldest + 60 - os.clock()
		end
		if wait <= 0 then
			break
		end
		task.wait(wait)
	end
	newest = newest % REQUESTS_A_MINUTE + 1
	sentAt[newest] = os.clock()
end

-- Calls about one order go one after the other, as they were made. Order id -> waiting calls.
local lines = {}

local function awaitTurn(id)
	local call = { at = os.clock() }
	local line = lines[id]
	if line == nil then
		line = {}
		lines[id] = line
	end
	table.insert(line, call)
	while line[1] ~= call do
		if os.clock() - line[1].at > STALLED then
			-- Its script was destroyed while it waited for an answer.
			table.remove(line, 1)
			line[1].at = os.clock()
		else
			task.wait(POLL)
		end
	end
	call.at = os.clock()
	return call
end

local function passTurn(id, call)
	local line = lines[id]
	if line == nil then
		return
	end
	for place, one in ipairs(line) do
		if one == call then
			table.remove(line, place)
			break
		end
	end
	if line[1] == nil then
		lines[id] = nil
	else
		line[1].at = os.clock()
	end
end

local function headerOf(response, wanted)
	if type(response) == "table" and type(response.Headers) == "table" then
		for name, value in pairs(response.Headers) do
			if type(name) == "string" and string.lower(name) == wanted then
				return tonumber(value)
			end
		end
	end
	return nil
end

-- Seconds until the next try: what the server asks for, else 1, 2, 4, 8, 16.
local function pauseAfter(response, retries)
	local wait = headerOf(response, "retry-after")
	if type(response) == "table" and response.StatusCode == 429 then
		wait = headerOf(response, "x-ratelimit-reset") or wait
		if wait ~= nil and wait > 1000000000 then
			wait = wait - os.time() -- it was a time of day
		end
	end
	if wait == nil or wait ~= wait or wait < 0 then
		wait = 2 ^ retries
	end
	return math.min(wait, LONGEST_WAIT)
end

local function worthRetrying(response)
	local code = response.StatusCode
	return type(code) == "number" and (code == 429 or code >= 500)
end

-- No setting of the server heals these.
local function isForGood(problem)
	return string.find(problem, "not enabled", 1, true) ~= nil
		or string.find(problem, "not allowed", 1, true) ~= nil
end

local function decoded(response)
	local ok, body = pcall(function()
		return HttpService:JSONDecode(response.Body)
	end)
	if ok and type(body) == "table" then
		return body
	end
	return nil
end

local function refusalOf(response)
	local body = decoded(response)
	if body ~= nil and type(body.message) == "string" then
		return failed(body.message)
	end
	local reason = tostring(response.StatusMessage or "")
	return failed("The server answered HTTP " .. tostring(response.StatusCode) .. " " .. reason)
end

-- One request, and the same again where that can help; the body of a good answer, or a failure.
-- The key lets the server tell a repetition from a second order.
local function send(request, call)
	local retries = 0
	while true do
		awaitAllowance()
		call.at = os.clock()
		local ok, response = pcall(function()
			return HttpService:RequestAsync(request)
		end)
		local failure, again
		if not ok then
			local problem = tostring(response)
			failure = failed("The server could not be reached: " .. problem)
			again = not isForGood(problem)
			response = nil
		elseif type(response) ~= "table" then
			failure, again = failed("The server's answer could not be read"), false
		elseif response.Success then
			local body = decoded(response)
			if body ~= nil then
				return body, nil
			end
			failure, again = failed("The server's answer could not be read"), false
		else
			failure, again = refusalOf(response), worthRetrying(response)
		end
		if not again or retries >= MOST_RETRIES then
			return nil, failure
		end
		task.wait(pauseAfter(response, retries))
		call.at = os.clock()
		retries = retries + 1
	end
end

local function requestOf(method, path, body)
	local ok, request = pcall(function()
		return {
			Url = login.base .. "/players/orders/" .. HttpService:UrlEncode(login.workspace) .. path,
			Method = method,
			Headers = {
				["Content-Type"] = "application/json",
				["Authorization"] = "Bearer " .. login.key,
				["Idempotency-Key"] = HttpService:GenerateGUID(false),
			},
			Body = HttpService:JSONEncode(body),
		}
	end)
	if ok then
		return request, nil
	end
	return nil, failed("The order could not be encoded: " .. tostring(request))
end

local function loggedOf(body)
	if type(body.id) ~= "string" or body.order_number == nil then
		return failed("The server's answer could not be read")
	end
	return {
		error = false,
		id = body.id,
		order_number = tostring(body.order_number),
		status = body.status,
	}
end

local function notSetUp()
	return failed("Call setupAPI(apiKey, workspaceId) first")
end

local function setStatus(orderId, status, preparedBy)
	if login == nil then
		return notSetUp()
	end
	if type(orderId) ~= "string" or not string.find(orderId, "^%x+$") or #orderId ~= 24 then
		return failed("Order id must be the id that createOrder returned, not its order_number")
	end
	local change = { status = status }
	if status == "preparing" then
		if preparedBy == nil then
			return failed("Preparer is required")
		end
		change.preparer = userId(preparedBy)
		if change.preparer == nil then
			return failed("Preparer must be a Player or a table with a UserId")
		end
		change.preparer_name = userName(preparedBy)
	end
	local id = string.lower(orderId)
	local request, failure = requestOf("PATCH", "/" .. id, change)
	if request == nil then
		return failure
	end
	local call = awaitTurn(id)
	local body
	body, failure = send(request, call)
	passTurn(id, call)
	if body == nil then
		return failure
	end
	return loggedOf(body)
end

function orderLog.setupAPI(apiKey, workspaceId, baseUrl)
	if type(apiKey) ~= "string" or not string.find(apiKey, "^%s*[%w_%-%.~%+/=]+%s*$") then
		return failed("API key must be a string, as the server gave it")
	end
	if type(workspaceId) ~= "string" or not string.find(workspaceId, "%S") then
		return failed("Workspace id must be a string")
	end
	local base = baseUrl
	if base == nil then
		base = BASE_URL
	end
	if type(base) ~= "string" or not string.find(base, "^https?://[^%s/]") then
		return failed("Base URL must be an address such as " .. BASE_URL)
	end
	login = {
		key = string.match(apiKey, "^%s*(.-)%s*$"),
		workspace = string.match(workspaceId, "^%s*(.-)%s*$"),
		base = string.match(base, "^(.-)[/%s]*$"),
	}
	return { error = false }
end

function orderLog.createOrder(customer, actor, order)
	if login == nil then
		return notSetUp()
	end
	if customer == nil then
		return failed("Customer is required")
	end
	local customerId = userId(customer)
	if customerId == nil then
		return failed("Customer must be a Player or a table with a UserId")
	end
	if actor == nil then
		return failed("Actor is required")
	end
	local actorId, actorNumber = userId(actor)
	if actorId == nil then
		return failed("Actor must be a Player or a table with a UserId")
	end
	if actorNumber <= 0 then
		return failed("Actor is required")
	end
	if order ~= nil and type(order) ~= "table" then
		return failed("The order must be a table such as { items = { \"Latte\" } }")
	end
	local items = listOf(member(order, "items"))
	if items == nil then
		return failed("Items must be a list of strings")
	end
	local status = member(order, "status")
	if status ~= nil and type(status) ~= "string" then
		return failed("Status must be a string")
	end
	local request, failure = requestOf("POST", "", {
		customer = customerId,
		customer_name = userName(customer),
		actor = actorId,
		actor_name = userName(actor),
		items = items,
		status = status,
	})
	if request == nil then
		return failure
	end
	local body
	body, failure = send(request, {})
	if body == nil then
		return failure
	end
	return loggedOf(body)
end

function orderLog.setWaiting(orderId)
	return setStatus(orderId, "waiting_for_preparation")
end

function orderLog.setPreparing(orderId, preparedBy)
	return setStatus(orderId, "preparing", preparedBy)
end

function orderLog.setReprepare(orderId)
	return setStatus(orderId, "finding_new_colleague")
end

function orderLog.setReadyForPickup(orderId)
	return setStatus(orderId, "waiting_for_pickup")
end

function orderLog.setComplete(orderId)
	return setStatus(orderId, "completed")
end

function orderLog.setCancelled(orderId)
	return setStatus(orderId, "cancelled")
end

return orderLog
