-- util.filters: per-session chains for what goes in and out: "stanzas/in", "stanzas/out", "bytes/in", "bytes/out". A filter is
-- f(data, session) → data, changed or not, or nil to drop it. Higher priorities run first, equal ones in order of adding.

local new_session_hooks = {};

-- The core calls this for each new session. Returns session.filter(kind, data) → data or nil.
local function initialize(session)
	if not session.filters then
		local chains = {};
		session.filters = chains;
		function session.filter(kind, data)
			local chain = chains[kind];
			for i = 1, chain and #chain or 0 do
				data = chain[i](data, session);
				if data == nil then return nil; end
			end
			return data;
		end
	end
	for i = 1, #new_session_hooks do
		new_session_hooks[i](session);
	end
	return session.filter;
end

-- Adding the same callback again does nothing. A chain holds its callbacks in order, and callback → priority.
local function add_filter(session, kind, callback, priority)
	if not session.filters then
		initialize(session);
	end
	local chain = session.filters[kind] or {};
	session.filters[kind] = chain;
	if chain[callback] then return; end
	priority = priority or 0;
	local position = 1;
	while chain[position] and chain[chain[position]] >= priority do
		position = position + 1;
	end
	table.insert(chain, position, callback);
	chain[callback] = priority;
end

-- true if it was there.
local function remove_filter(session, kind, callback)
	local chain = session.filters and session.filters[kind];
	for i = 1, chain and #chain or 0 do
		if chain[i] == callback then
			table.remove(chain, i);
			chain[callback] = nil;
			return true;
		end
	end
end

-- callback(session) runs for each session initialized from now on.
local function add_filter_hook(callback)
	new_session_hooks[#new_session_hooks+1] = callback;
end

local function remove_filter_hook(callback)
	for i = #new_session_hooks, 1, -1 do
		if new_session_hooks[i] == callback then
			table.remove(new_session_hooks, i);
		end
	end
end

return {
	initialize = initialize;
	add_filter = add_filter, remove_filter = remove_filter;
	add_filter_hook = add_filter_hook, remove_filter_hook = remove_filter_hook;
};
