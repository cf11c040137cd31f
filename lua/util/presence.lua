-- util.presence: which sessions of a user a message for the bare JID goes to (RFC 6121 §8.5.2).

-- The available sessions of the highest priority that is not negative.
local function select_top_resources(user)
	local top, highest = {}, 0;
	for _, session in pairs(user.sessions) do
		local priority = session.presence and session.priority or -1;
		if priority > highest then
			top, highest = {}, priority;
		end
		if priority == highest then
			top[#top+1] = session;
		end
	end
	return top;
end

local function recalc_resource_map(user)
	if user then
		local top = select_top_resources(user);
		user.top_resources = top[1] and top or nil;
	end
end

return { select_top_resources = select_top_resources, recalc_resource_map = recalc_resource_map };
