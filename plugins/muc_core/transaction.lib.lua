-- Changes of a room that count together, once they are saved: a configuration form has many fields, a list of people many items. Until
-- then nobody hears of them, and if they cannot be saved they have not happened. What a setter changes outside of this is for its caller
-- to save, and what follows from it follows at once.

local running = coroutine.running;

local methods = {};

local function copy(data)
	local result = {};
	for key, value in pairs(data) do
		result[key] = value;
	end
	return result;
end

-- The table stays the same, as others may hold it.
local function put_back(data, old)
	for key in pairs(copy(data)) do
		data[key] = nil;
	end
	for key, value in pairs(old) do
		data[key] = value;
	end
end

-- While a handler of the form waits for something, stanzas of other people come to the room: what they change is not part of it.
local function owner()
	return running() or "main"; -- COMPAT Lua 5.1
end

local function open_transaction(room)
	return room._transactions and room._transactions[owner()];
end

local function begin(room)
	local transaction = { data = copy(room._data); effects = {}; undo = {}; people = {} };
	room._transactions = room._transactions or {};
	room._transactions[owner()] = transaction;
	return transaction;
end

-- Puts saving off until all changes are made. Returns false if there are no others to wait for. bare_jid: somebody's affiliation and what is
-- kept with it are all that has changed.
function methods:save_later(bare_jid)
	local transaction = open_transaction(self);
	if not transaction then return false; end
	if bare_jid then
		transaction.people[bare_jid] = true;
	else
		transaction.is_unsaved = true;
	end
	return true;
end

-- Calls f when what has been changed is saved. For setters: f tells people, or removes them.
function methods:once_saved(f)
	local transaction = open_transaction(self);
	if not transaction then return f(); end
	table.insert(transaction.effects, f);
end

-- f takes back what has just been changed, if it is not going to be saved. Needed for what does not lie in room._data.
function methods:unless_saved(f)
	local transaction = open_transaction(self);
	if transaction then
		table.insert(transaction.undo, f);
	end
end

local function roll_back(room, transaction)
	put_back(room._data, transaction.data);
	for i = #transaction.undo, 1, -1 do
		transaction.undo[i]();
	end
end

local function attempt(room, transaction, change)
	local agreed, err_type, condition, text = change();
	if agreed == false then return nil, err_type, condition, text; end
	room._transactions[owner()] = nil;
	local people = next(transaction.people) and transaction.people;
	if not transaction.is_unsaved and not people then return true; end
	local saved, err = room:save(true, nil, not transaction.is_unsaved and people or nil);
	if saved then return true; end
	module:log("error", "Changes of %s were not saved: %s", room.jid, err);
	return nil, "wait", "internal-server-error";
end

-- Calls change(), which may use all setters, and saves if one of them asked for it. If change returns false, with an error's type,
-- condition and text, it is called off. Returns true; or nil and the error's type, condition and text (may be nil), and then everything is
-- as before. Within another such call it is part of that.
function methods:change_together(change)
	if open_transaction(self) then
		local agreed, err_type, condition, text = change();
		if agreed == false then return nil, err_type, condition, text; end
		return true;
	end
	local transaction = begin(self);
	local done, changed, err_type, condition, text = pcall(attempt, self, transaction, change);
	self._transactions[owner()] = nil;
	if not (done and changed) then
		roll_back(self, transaction);
	end
	if not done then
		error(changed, 0);
	elseif not changed then
		return nil, err_type, condition, text;
	end
	for _, effect in ipairs(transaction.effects) do
		effect();
	end
	return true;
end

return methods;
