-- Values and tables for people.

local new_table = require "util.human.io".table;
local serialize = require "util.serialization".new { preset = "debug"; maxdepth = 3; table_iterator = pairs;
	fallback = function (value) return tostring(value); end };
local is_stanza = require "util.stanza".is_stanza;

local format = {};

function format.value(value)
	if type(value) == "table" and not is_stanza(value) and not getmetatable(value) then
		return serialize(value);
	end
	return tostring(value);
end

-- Prints rows (tables by the columns' keys) under their titles; nothing if there are none.
function format.print_rows(session, columns, rows)
	if #rows == 0 then return; end
	local line = new_table(columns, session.width or 120);
	session.print(line());
	for _, row in ipairs(rows) do
		session.print(line(row));
	end
end

-- count(3, "session") is "3 sessions".
function format.count(n, what)
	return ("%d %s%s"):format(n, what, n == 1 and "" or "s");
end

-- Seconds as days, hours, minutes.
function format.duration(seconds)
	local days, rest = math.floor(seconds / 86400), seconds % 86400;
	local clock = ("%d:%02d:%02d"):format(math.floor(rest / 3600), math.floor(rest % 3600 / 60), math.floor(rest % 60));
	return days > 0 and ("%d days %s"):format(days, clock) or clock;
end

return format;
