-- The latest messages, shown to whoever joins (XEP-0045 #enter-history, #enter-managehistory; M116–M119).

local st = require "util.stanza";
local datetime = require "util.datetime";
local parse = require "util.xml".parse;

local xmlns = module:require "xmlns";
local setting = module:require "setting";

local max_length = module:get_option_number("max_history_messages", math.huge); -- messages, for every room

local default_length = 20;

local time, remove, clone = os.time, table.remove, st.clone;
local fire_event = module.fire_event;
local get_child = st.stanza_mt.__index.get_child;
local hints = xmlns.hints;

local methods = {};

function methods:get_historylength()
	local length = self._data.history_length or default_length;
	return length < max_length and length or max_length;
end

function methods:set_historylength(length)
	length = length and assert(tonumber(length), "length is not a number");
	if length == default_length then length = nil; end
	if self._data.history_length == length then return false; end
	self._data.history_length = length;
	return true;
end

-- How many messages they get who do not say how many they want.
function methods:get_defaulthistorymessages()
	return math.min(self._data.default_history_messages or default_length, self._data.history_length or default_length);
end

function methods:set_defaulthistorymessages(number)
	number = math.min(tonumber(number) or default_length, self._data.history_length or default_length);
	if self:get_defaulthistorymessages() == number then return false; end
	self._data.default_history_messages = number ~= default_length and number or nil;
	return true;
end

setting.config_field {
	priority = 65; -- under the heading "other"
	name = "muc#roomconfig_historylength";
	type = "text-single";
	datatype = "xs:integer";
	range_min = 0;
	label = "Number of messages kept for newcomers";
	desc = "At most so many of the latest messages are shown to people who join";
	option = "historylength";
};
setting.config_field {
	priority = 64; -- after the number it is bound by
	name = "muc#roomconfig_defaulthistorymessages";
	type = "text-single";
	datatype = "xs:integer";
	range_min = 0;
	label = "Number of messages shown to newcomers";
	desc = "So many of the latest messages are shown to people whose client does not ask for a number";
	option = "defaulthistorymessages";
};

-- What a client wants: characters, messages, seconds since 1970, each nil if it does not care.
local function wishes(stanza)
	local x = stanza:get_child("x", xmlns.muc);
	local wish = x and x:get_child("history", xmlns.muc);
	if not wish then return nil, nil, nil; end
	local since, seconds = wish.attr.since, tonumber(wish.attr.seconds);
	since = since and datetime.parse(since);
	if seconds then
		since = math.max(since or 0, os.time() - seconds);
	end
	return tonumber(wish.attr.maxchars), tonumber(wish.attr.maxstanzas), since;
end

-- An entry as it was added is { text, timestamp, JID of the room }: a text takes a tenth of the memory that a stanza takes, and the collector need not go
-- through it. Others see entry.stanza and entry.timestamp; a stanza that they have looked at, and may change, stays one.
local entry_mt = {};

-- Returns a message as newcomers get it, which is the caller's own; nil if it cannot be read, as when a module has made an element with a name that is none.
local function unpacked(entry)
	local message = parse(entry[1]);
	if not message then return nil; end
	message.attr.to = "";
	return message:text_tag("delay", nil, { xmlns = xmlns.delay; from = entry[3]; stamp = datetime.datetime(entry[2]) });
end

function entry_mt.__index(entry, key)
	if key == "timestamp" then
		return entry[2];
	elseif key == "stanza" then
		local message = unpacked(entry);
		if message then
			entry.stanza, entry[1] = message, nil;
		end
		return message;
	end
end

-- Returns a copy of an entry's message for somebody, nil if it cannot be read.
local function message_for(jid, entry)
	local stanza = rawget(entry, "stanza");
	local message = stanza and clone(stanza) or unpacked(entry);
	if message then
		message.attr.to = jid;
	end
	return message;
end

-- The place of the oldest message to send.
local function first_to_send(history, event)
	local chars, first = 0, #history + 1;
	for i = #history, 1, -1 do
		local entry = history[i];
		if event.maxstanzas and #history - i + 1 > event.maxstanzas then break; end
		if event.since and event.since > entry.timestamp then break; end
		if event.maxchars then
			chars = chars + #tostring(message_for(event.to, entry) or "");
			if chars > event.maxchars then break; end
		end
		first = i;
	end
	return first;
end

-- After others (0), such as an archive, had the chance to provide more than the few in memory.
module:hook("muc-get-history", function (event)
	local history = event.room._history;
	if not history then return; end
	local next_place = first_to_send(history, event);
	function event.next_stanza()
		local message;
		while not message and history[next_place] do
			message = message_for(event.to, history[next_place]);
			next_place = next_place + 1;
		end
		return message;
	end
	return true;
end, -1);

-- stanza: the presence that joins.
function methods:send_history(stanza)
	local maxchars, maxstanzas, since = wishes(stanza);
	if not (maxchars or maxstanzas or since) then
		maxstanzas = self:get_defaulthistorymessages();
	end
	local event = {
		room = self;
		stanza = stanza;
		to = stanza.attr.from;
		maxchars = maxchars;
		maxstanzas = maxstanzas;
		since = since;
		next_stanza = function () end;
	};
	module:fire_event("muc-get-history", event);
	for message in event.next_stanza, event do
		self:route_stanza(message);
	end
end

-- After the occupant list, before the subject (20), which ends what a newcomer is sent.
module:hook("muc-occupant-session-new", function (event)
	event.room:send_history(event.stanza);
end, 50);

local function append(room, stanza, length)
	local history = room._history;
	if not history then
		history = {};
		room._history = history;
	end
	local n = #history + 1;
	history[n] = setmetatable({ tostring(stanza), time(), room.jid }, entry_mt);
	while n > length do
		remove(history, 1);
		n = n - 1;
	end
end

-- Last, so that others may keep a message somewhere else instead.
module:hook("muc-add-history", function (event)
	local length = event.room:get_historylength();
	if length <= 0 then
		event.room._history = nil;
		return;
	end
	append(event.room, event.stanza, length);
	return true;
end, -1);

-- An event of its own, so that who takes care of a message does not stop the other handlers of muc-broadcast-message.
module:hook("muc-broadcast-message", function (event)
	if fire_event(module, "muc-message-is-historic", event) then
		fire_event(module, "muc-add-history", event);
	end
end);

-- What is worth keeping, unless others know better (M116). Encrypted content cannot be judged, so it counts as worth it.
module:hook("muc-message-is-historic", function (event)
	local stanza = event.stanza;
	local has_hints = get_child(stanza, nil, hints) ~= nil;
	if has_hints and (stanza:get_child("no-store", xmlns.hints) or stanza:get_child("no-permanent-store", xmlns.hints)) then
		return false, "hint";
	elseif has_hints and stanza:get_child("store", xmlns.hints) then
		return true, "hint";
	elseif get_child(stanza, "body") then
		return true;
	elseif stanza:get_child("encryption", xmlns.eme) then
		return true, "encrypted";
	elseif stanza:get_child(nil, xmlns.markers) then
		return true, "marker";
	end
end, -1);

return methods;
