-- Who joins sees what was said before from the archive, which forgets less than the room's memory (M120).

local datetime = require "util.datetime".datetime;

local log = module:require "log";
local xmlns = module:require "xmlns";

local max_length = module:get_option_number("max_history_messages", math.huge); -- messages, as for rooms' memory

local function history_length(room)
	return math.min(room._data.history_length or 20, max_length);
end

-- As it goes to somebody who joins.
local function dress(room, id, item, when, to)
	item.attr.to = to;
	log.uncover(room, item);
	item:tag("delay", { xmlns = xmlns.delay; from = room.jid; stamp = datetime(when) }):up();
	return item:tag("stanza-id", { xmlns = xmlns.stanza_id; by = room.jid; id = id }):up();
end

-- Newest first, so that those which do not fit are the oldest. Also returns how many there were, fitting or not.
local function collect(event, found)
	local messages, number, chars = {}, 0, 0;
	local is_full = false;
	for id, item, when in found do
		number = number + 1;
		local message = dress(event.room, id, item, when, event.to);
		chars = chars + (event.maxchars and #tostring(message) or 0);
		is_full = is_full or chars > (event.maxchars or math.huge);
		if not is_full then
			messages[#messages + 1] = message;
		end
	end
	return messages, number;
end

-- Before the room's own memory (-1), which does it if it knows as much: nothing was archived while archiving was off.
module:hook("muc-get-history", function (event)
	local room = event.room;
	if not log.is_archived(room) or event.maxstanzas == 0 or event.maxchars == 0 then return; end
	local wanted = math.floor(math.min(event.maxstanzas or math.huge, history_length(room)));
	local known = room._history and #room._history or 0;
	if not (known < wanted) then return; end -- also if the client's number is none
	local found, err = log.store:find(log.node(room),
		{ with = log.groupchat; start = event.since; limit = wanted; reverse = true });
	if not found then
		module:log("error", "History of %s cannot be read: %s", room.jid, err);
		return;
	end
	local messages, number = collect(event, found);
	if number < known then return; end
	local place = #messages + 1;
	function event.next_stanza()
		place = place - 1;
		return messages[place];
	end
	return true;
end, 1);
