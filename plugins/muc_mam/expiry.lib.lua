-- Messages do not stay for ever (M127), and an archive goes with its room (M126), at the latest when there is a new one of its name.

local log = module:require "log";

local day = 24 * 60 * 60;

-- Seconds. COMPAT 0.12 knows no periods; to it "m" means months, and who wrote that is not to lose all but a few minutes.
local function read_period(name, default)
	local months = tostring(module:get_option(name)):match("^%s*(%d+)%s*[mM]%s*$");
	if months then return months * 31 * day; end
	return (module.get_option_period or module.get_option_number)(module, name, default);
end

local expires_after = read_period("muc_log_expires_after", 7 * day);
local expires = expires_after < math.huge and log.store.delete ~= nil;

-- Removes what has expired; user: a room's node, or true for all. Returns how much, or nil and an error.
local function clean(user)
	if not expires then return nil, "nothing expires"; end
	return log.store:delete(user, { ["end"] = os.time() - expires_after });
end

-- Where a driver cannot delete from all archives at once, one after the other.
local function clean_all()
	if log.caps.wildcard_delete then
		return clean(true);
	end
	local sum = 0;
	for node in log.store:users() do
		local removed, err = clean(node);
		if not removed then return nil, err; end
		sum = sum + (tonumber(removed) or 0);
	end
	return sum;
end

local function run()
	local removed, err = clean_all();
	if removed then
		module:log("info", "Removed %d expired messages", tonumber(removed) or 0);
	else
		module:log("error", "Expired messages were not removed: %s", err);
	end
end

if expires then
	module:daily("Remove expired messages of rooms", run);
end

-- Most rooms that end are temporary ones in which nothing was said: looking costs less than deleting.
local function delete_all(room)
	local node = log.node(room);
	local found = log.store:find(node, { limit = 1 });
	if found and not found() then return; end
	local ok, err = log.store:delete(node);
	if not ok then
		module:log("error", "The archive of %s was not deleted: %s", room.jid, err);
	end
end

if log.store.delete then
	module:hook("muc-room-destroyed", function (event)
		delete_all(event.room);
	end);
	-- A crash ends temporary rooms without a word. Who makes a room of that name anew must not read what others said in the old one.
	module:hook("muc-room-pre-create", function (event)
		delete_all(event.room);
	end, -1001); -- when nobody objects and the room has its place (-1000)
else
	module:log("warn", "The store cannot delete: archives outlast their rooms, and nothing expires");
end

return { clean = clean };
