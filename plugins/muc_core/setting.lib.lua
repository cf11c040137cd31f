-- One setting of a room: getter, setter and field of the configuration form. Facets consist mostly of these.

-- Getter and setter of a boolean in room._data; false is not stored. Setters return whether something changed.
local function flag(key)
	local function get(room)
		return room._data[key];
	end
	local function set(room, value)
		value = value and true or nil;
		if room._data[key] == value then return false; end
		room._data[key] = value;
		return true;
	end
	return get, set;
end

-- Getter and setter of a text in room._data; the empty text is not stored.
local function text(key)
	local function get(room)
		return room._data[key];
	end
	local function set(room, value)
		if value == "" then value = nil; end
		if room._data[key] == value then return false; end
		room._data[key] = value;
		return true;
	end
	return get, set;
end

local function copy(field)
	local result = {};
	for key, value in pairs(field) do
		result[key] = value;
	end
	return result;
end

-- What holds is on the list, even if it is not offered otherwise.
local function with_option(options, value)
	local all = {};
	for place, option in ipairs(options) do
		if option == value or (type(option) == "table" and option.value == value) then return options; end
		all[place] = option;
	end
	all[#all + 1] = value;
	return all;
end

-- Shows a setting in the configuration form and stores what comes back (M49–M53).
-- field: as in util.dataforms, and option (NAME of the room's get_NAME and set_NAME) and priority: its place in the form, higher comes
-- first. No two have the same, as Prosody keeps no order among equals.
-- optional: may_edit(actor), status(value) → status code if not 104, parse(value), show(value), max_length (characters of a text); of a
-- list: synonyms (other names of options → options), pattern (of values that are taken although they are not offered).
local function config_field(field)
	local get, set = "get_"..field.option, "set_"..field.option;
	local may_edit = field.may_edit or function () return true; end;

	module:hook("muc-config-form", function (event)
		if not may_edit(event.actor) then return; end
		local shown = copy(field);
		shown.value = event.room[get](event.room);
		if field.show then
			shown.value = field.show(shown.value);
		end
		if field.pattern then
			shown.options = with_option(field.options, shown.value);
		end
		if field.type == "boolean" then
			shown.value = shown.value or false;
		end
		table.insert(event.form, shown);
	end, field.priority);

	module:hook("muc-config-submitted/"..field.name, function (event)
		if not may_edit(event.actor) then return; end
		local value = event.value;
		if field.parse then
			value = field.parse(value);
		end
		if event.room[set](event.room, value) then
			event.status_codes[field.status and field.status(value) or "104"] = true;
		end
	end);
end

-- A line between groups of fields.
local function config_section(priority, label)
	module:hook("muc-config-form", function (event)
		table.insert(event.form, { type = "fixed"; value = label });
	end, priority);
end

-- Whether a text, which may be nil, has more characters than allowed.
local function is_too_long(value, max_length)
	if type(value) ~= "string" or #value <= max_length then return false; end
	local _, characters = value:gsub("[^\128-\191]", ""); -- all bytes but those that continue a character of UTF-8
	return characters > max_length;
end

return { is_too_long = is_too_long, flag = flag, text = text, config_field = config_field, config_section = config_section };
