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

-- The values of a form of this type, nil if it is none. Where there are no fields of others it is not worth while to follow the layout.
local function values_of(form)
	local kind, wish;
	for field in form:childtags("field") do
		local var = field.attr.var;
		if var == "FORM_TYPE" then
			kind = kind or field:get_child_text("value") or "";
		elseif var == "muc#register_roomnick" then
			wish = wish or field:get_child_text("value") or "";
		end
	end
	if kind ~= form_type then return nil; end
	if #layout > 2 then return layout:data(form); end
	return { FORM_TYPE = kind; ["muc#register_roomnick"] = wish }, (wish or "") == "";
end

-- Reads a submission. Returns nick and fields, or nil and what is wrong.
local function read(form)
	local fields, errors;
	if form then
		fields, errors = values_of(form);
	end
	if not fields then
		return nil, "This is not a registration form";
	elseif errors then
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
