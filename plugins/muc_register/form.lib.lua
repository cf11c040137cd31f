-- The registration form (XEP-0045 #register, #schemas-register). Other plugins add fields: items "muc-registration-field".

local dataforms = require "util.dataforms";
local resourceprep = require "util.encodings".stringprep.resourceprep;

local form_type = "http://jabber.org/protocol/muc#register";

local layout = dataforms.new {
	{ name = "FORM_TYPE"; type = "hidden"; value = form_type };
	{ name = "muc#register_roomnick"; type = "text-single"; required = true; label = "Nickname" };
};

local function add_field(event)
	table.insert(layout, event.item);
end

local function remove_field(event)
	for place, field in ipairs(layout) do
		if field.name == event.item.name then
			table.remove(layout, place);
			return;
		end
	end
end

module:handle_items("muc-registration-field", add_field, remove_field);

local function blank()
	return layout:form();
end

-- The form as the account once filled it in.
local function filled(nick, affiliation_data)
	local values = { ["muc#register_roomnick"] = nick };
	for key, value in pairs(affiliation_data) do
		values[key] = value;
	end
	return layout:form(values, "result");
end

-- Reads a submission. Returns nick and fields, or nil and what is wrong.
local function read(form)
	if not form or dataforms.get_type(form) ~= form_type then
		return nil, "This is not a registration form";
	end
	local fields, errors = layout:data(form);
	if errors then
		return nil, "Some fields are missing or wrong";
	end
	local nick = resourceprep(fields["muc#register_roomnick"], true);
	if not nick then
		return nil, "This nickname has characters that are not allowed";
	elseif not nick:find("%S") then
		return nil, "A nickname needs characters that can be seen";
	end
	return nick, fields;
end

return { blank = blank, filled = filled, read = read };
