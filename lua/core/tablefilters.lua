-- core.tablefilters: util.filters for sessions that are tables of modules. Clients' sessions have their filters in the core.

local function initialize(session)
	if session.filters then
		return session.filter;
	end
	local lists = {}; -- kind → list of {callback, priority}
	session.filters = lists;
	function session.filter(kind, data)
		local list = lists[kind];
		for i = 1, list and #list or 0 do
			if data == nil then break; end
			data = list[i].callback(data, session);
		end
		return data;
	end
	return session.filter;
end

local function place_of(list, callback)
	for i, entry in ipairs(list) do
		if entry.callback == callback then return i; end
	end
end

-- Higher priorities see the data first. A change takes a new list, so that a filter may change the filters.
local function change(session, kind, f)
	local list = { };
	for i, entry in ipairs(session.filters[kind] or {}) do
		list[i] = entry;
	end
	local result = f(list);
	session.filters[kind] = list;
	return result;
end

local function add_filter(session, kind, callback, priority)
	initialize(session);
	priority = priority or 0;
	change(session, kind, function (list)
		if place_of(list, callback) then return; end
		local at = 1;
		while list[at] and list[at].priority >= priority do
			at = at + 1;
		end
		table.insert(list, at, { callback = callback, priority = priority });
	end);
end

local function remove_filter(session, kind, callback)
	if not session.filters then return; end
	return change(session, kind, function (list)
		local at = place_of(list, callback);
		if at then
			table.remove(list, at);
			return true;
		end
	end);
end

return { initialize = initialize, add_filter = add_filter, remove_filter = remove_filter };
