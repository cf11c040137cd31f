-- Executions of commands that are not over yet (XEP-0050 #impl-session). They belong to one full JID, and their memory is bounded.

local cache = require "util.cache";
local hmac_sha256 = require "util.hashes".hmac_sha256;
local jid_bare = require "util.jid".bare;
local random_bytes = require "util.random".bytes;
local uuid = require "util.uuid".generate;

local timeout = module:get_option_period("adhoc_session_timeout", "15 minutes");
local max_of_account, max_total = 10, 1000;
local sweep_interval = 60; -- seconds

local of_account = {}; -- bare JID → its sessions, oldest first

local function unlist(session)
	local list = of_account[session.account];
	for i, other in ipairs(list or {}) do
		if other == session then
			table.remove(list, i);
			break;
		end
	end
	if list and #list == 0 then
		of_account[session.account] = nil;
	end
end

local sessions = cache.new(max_total, function (_, session)
	unlist(session);
end);

-- What we have given to somebody is signed: without having to remember it, we can tell what has expired from what never was.
local secret = random_bytes(32);

local function sign(nonce, requester, node)
	return nonce.."-"..hmac_sha256(secret, nonce.."\0"..requester.."\0"..node, true):sub(1, 32);
end

local function is_ours(id, requester, node)
	local nonce = id:match("^(.+)%-%x+$");
	return nonce ~= nil and sign(nonce, requester, node) == id;
end

-- Begins one. It is remembered only from keep() on.
local function new(command, requester)
	return {
		id = sign(uuid(), requester, command.node);
		command = command;
		account = jid_bare(requester);
		actions = { next = true; complete = true }; -- clients may know the command, and send its form at once
	};
end

local function finish(session)
	sessions:set(session.id, nil);
	unlist(session);
end

local is_sweeping = false;

local function sweep(now)
	local over = {};
	for session in sessions:values() do
		if session.expires <= now then
			table.insert(over, session);
		end
	end
	for _, session in ipairs(over) do
		finish(session);
	end
	is_sweeping = sessions:count() > 0;
	return is_sweeping and sweep_interval or nil;
end

local function list(session)
	local account_sessions = of_account[session.account] or {};
	of_account[session.account] = account_sessions;
	table.insert(account_sessions, session);
	if #account_sessions > max_of_account then
		finish(account_sessions[1]);
	end
end

-- The command goes on: with this state of its module, and the actions (a set) that may come next besides "execute" and "cancel".
local function keep(session, state, actions)
	session.state, session.actions, session.expires = state, actions, os.time() + timeout;
	if not sessions:get(session.id) then
		list(session);
	end
	sessions:set(session.id, session);
	if not is_sweeping then
		is_sweeping = true;
		module:add_timer(sweep_interval, function () return sweep(os.time()); end);
	end
end

-- Returns the session of a command, or nil and XEP-0050's name of the problem.
local function find(id, command, requester)
	if not is_ours(id, requester, command.node) then
		return nil, "bad-sessionid";
	end
	local session = sessions:get(id);
	-- A module that has been loaded again meanwhile would not understand the state of the one before.
	if not session or session.command ~= command or session.expires <= os.time() then
		return nil, "session-expired";
	end
	return session;
end

-- "cancel" needs something to cancel: an execution that has begun.
local function allows(session, action)
	return action == "execute" or session.actions[action] or (action == "cancel" and session.expires ~= nil);
end

return { new = new; keep = keep; finish = finish; find = find; allows = allows };
