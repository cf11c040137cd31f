-- Reading a room's archive page by page (XEP-0313 #query, #filter, #results, XEP-0059; M124, M125).

local st = require "util.stanza";
local rsm = require "util.rsm";
local datetime = require "util.datetime".datetime;
local dataforms = require "util.dataforms";

local log = module:require "log";
local xmlns = module:require "xmlns";
local access = module:require "access";

local default_page_size = 20;
local max_page_size = module:get_option_number("max_archive_query_results", 50); -- messages
local include_total = module:get_option_boolean("muc_log_include_total", true);

local layout = dataforms.new {
	{ name = "FORM_TYPE"; type = "hidden"; value = xmlns.mam };
	{ name = "with"; type = "jid-single" }; -- clients fill it in for their own archives; here it selects nothing
	{ name = "start"; type = "text-single"; datatype = "xs:dateTime" };
	{ name = "end"; type = "text-single"; datatype = "xs:dateTime" };
};
if log.caps.full_id_range then
	table.insert(layout, { name = "before-id"; type = "text-single" });
	table.insert(layout, { name = "after-id"; type = "text-single" });
end
if log.caps.ids then
	table.insert(layout, { name = "ids"; type = "list-multi" });
end

-- XEP-0313 #query-form: a list that offers nothing has to say that it takes anything (XEP-0122).
local function new_form()
	local form = layout:form();
	for field in form:childtags("field") do
		if field.attr.var == "ids" then
			field:tag("validate", { xmlns = xmlns.validate; datatype = "xs:string" }):tag("open"):up():up();
		end
	end
	return form;
end

module:hook("iq-get/bare/"..xmlns.mam..":query", function (event)
	local origin, stanza = event.origin, event.stanza;
	if access.room_for(origin, stanza) then
		origin.send(st.reply(stanza):query(xmlns.mam):add_child(new_form()));
	end
	return true;
end);

local is_known = {};
for _, field in ipairs(layout) do
	is_known[field.name] = true;
end

local function unknown_field(form)
	for field in form:childtags("field") do
		if not is_known[field.attr.var] then
			return field.attr.var or "";
		end
	end
end

-- Returns the values of the form, or nil, what is wrong, and the error's type and condition if it is not that the form makes no sense.
local function read_form(query)
	local form = query:get_child("x", xmlns.data);
	if not form then return {}; end
	if dataforms.get_type(form) ~= xmlns.mam then
		return nil, "FORM_TYPE: not an archive query";
	end
	-- Who looks for a word must not take all there is for what was found.
	local unknown = unknown_field(form);
	if unknown then
		return nil, unknown..": unknown", "cancel", "feature-not-implemented";
	end
	local fields, errors = layout:data(form);
	if errors then
		local name, text = next(errors);
		return nil, name..": "..text;
	end
	return fields;
end

local function page_size(wished)
	if not wished or not (wished >= 0) then -- not a number compares false
		wished = default_page_size;
	end
	return math.floor(math.min(wished, max_page_size));
end

-- What is looked for. The range of a page lies within that of the form, so it takes its place.
local function read(query)
	local fields, fault, err_type, condition = read_form(query);
	if not fields then return nil, fault, err_type, condition; end
	local set = rsm.get(query) or {};
	local size = page_size(set.max);
	return {
		start = fields.start;
		["end"] = fields["end"];
		with = log.groupchat;
		ids = fields.ids;
		before = type(set.before) == "string" and set.before or fields["before-id"];
		after = set.after or fields["after-id"];
		reverse = set.before ~= nil;
		limit = size + 1; -- one more shows whether there are more
		total = include_total or size == 0;
	}, size;
end

-- XEP-0313 #filter-id: all or none.
local function has_all(node, ids)
	local wanted, number = {}, 0;
	for _, id in ipairs(ids) do
		if not wanted[id] then
			wanted[id], number = true, number + 1;
		end
	end
	local found, total = log.store:find(node, { ids = ids; with = log.groupchat; limit = 1; total = true });
	return not found or not total or total == number;
end

local function find(room, wish)
	local node = log.node(room);
	if wish.ids and log.caps.total and not has_all(node, wish.ids) then
		return nil, "item-not-found";
	end
	return log.store:find(node, wish);
end

local function result(room, query, id, item, when, to)
	item.attr.to = nil;
	item.attr.xmlns = "jabber:client";
	return st.message({ from = room.jid; to = to })
		:tag("result", { xmlns = xmlns.mam; queryid = query.attr.queryid; id = id })
			:tag("forwarded", { xmlns = xmlns.forward })
				:tag("delay", { xmlns = xmlns.delay; stamp = datetime(when) }):up()
				:add_child(log.uncover(room, item));
end

-- Returns a page as a list of { id, message }, oldest first, and whether it is the last one.
local function collect(room, stanza, wish, size, found)
	local page, complete = {}, true;
	for id, item, when in found do
		if #page == size then
			complete = false;
			break;
		end
		page[#page + 1] = { id = id; message = result(room, stanza.tags[1], id, item, when, stanza.attr.from) };
	end
	if wish.reverse then
		for i = 1, math.floor(#page / 2) do
			local j = #page + 1 - i;
			page[i], page[j] = page[j], page[i];
		end
	end
	return page, complete;
end

-- flipped: newest first (XEP-0313 #query-paging-flip); what is first and last stays as it was.
local function send_page(origin, stanza, page, complete, total)
	local flipped = stanza.tags[1]:get_child("flip-page") ~= nil;
	for i = 1, #page do
		origin.send(page[flipped and #page + 1 - i or i].message);
	end
	local first, last = page[1], page[#page];
	origin.send(st.reply(stanza):tag("fin", { xmlns = xmlns.mam; complete = complete and "true" or nil })
		:add_child(rsm.generate { first = first and first.id; last = last and last.id; count = total }));
end

local function refuse_find(origin, stanza, room, err)
	if err == "item-not-found" then
		origin.send(st.error_reply(stanza, "modify", "item-not-found", "There is no message with this id", room.jid));
		return;
	end
	module:log("error", "The archive of %s cannot be read: %s", room.jid, err);
	origin.send(st.error_reply(stanza, "wait", "internal-server-error", nil, room.jid));
end

local function answer(room, origin, stanza)
	local wish, size, err_type, condition = read(stanza.tags[1]);
	if not wish then
		origin.send(st.error_reply(stanza, err_type or "modify", condition or "bad-request", size, room.jid));
		return;
	end
	local found, total = find(room, wish);
	if not found then
		return refuse_find(origin, stanza, room, total);
	end
	local page, complete = collect(room, stanza, wish, size, found);
	send_page(origin, stanza, page, complete, tonumber(total));
end

module:hook("iq-set/bare/"..xmlns.mam..":query", function (event)
	local room = access.room_for(event.origin, event.stanza);
	if room then
		answer(room, event.origin, event.stanza);
	end
	return true;
end);

-- XEP-0313 #archive-metadata
module:hook("iq-get/bare/"..xmlns.mam..":metadata", function (event)
	local origin, stanza = event.origin, event.stanza;
	local room = access.room_for(origin, stanza);
	if not room then return true; end
	local reply = st.reply(stanza):tag("metadata", { xmlns = xmlns.mam });
	for _, edge in ipairs { { name = "start"; reverse = false }, { name = "end"; reverse = true } } do
		local found, err = log.store:find(log.node(room), { with = log.groupchat; limit = 1; reverse = edge.reverse });
		if not found then
			refuse_find(origin, stanza, room, err);
			return true;
		end
		local id, _, when = found();
		if id then
			reply:tag(edge.name, { id = id; timestamp = datetime(when) }):up();
		end
	end
	origin.send(reply);
	return true;
end);
