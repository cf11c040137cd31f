-- Changes of a room that count together, once they are saved: a configuration form has many fields. Until then nobody hears of them, and
-- if they cannot be saved they have not happened. A single change outside of a form is saved on its own, and what follows from it follows
-- at once.

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
local function open_transaction(room)
	local transaction = room._transaction;
	return transaction and transaction.owner == running() and transaction or nil;
end

-- Whether what is changed now will be saved later, together with other changes.
function methods:is_changing()
	return open_transaction(self) ~= nil;
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

-- Calls change(), which may use all setters, and saves. Returns true, or nil and an error when everything is as before.
function methods:change_together(change)
	if open_transaction(self) then
		change(); -- part of what is going on
		return true;
	end
	local transaction = { owner = running(); data = copy(self._data); effects = {}; undo = {} };
	self._transaction = transaction;
	local done, err = pcall(change);
	self._transaction = nil;
	if not done then
		roll_back(self, transaction);
		error(err, 0);
	end
	local saved;
	saved, err = self:save(true);
	if not saved then
		roll_back(self, transaction);
		return nil, err;
	end
	for _, effect in ipairs(transaction.effects) do
		effect();
	end
	return true;
end

return methods;
