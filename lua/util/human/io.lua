-- util.human.io: reading from and writing for people at a terminal.

local io_lib = {};

-- One UTF-8 character.
local CHARACTER = "[%z\1-\127\194-\253][\128-\191]*";

local function length(text)
	return select(2, text:gsub(CHARACTER, ""));
end

local function cut(text, n)
	local out = {};
	for character in text:gmatch(CHARACTER) do
		if #out == n then break; end
		out[#out+1] = character;
	end
	return table.concat(out);
end

function io_lib.getline()
	return io.read("*l");
end

function io_lib.getchar(n)
	local line = io.read("*l");
	return line and line:sub(1, n or 1);
end

-- The terminal does not echo what is typed, as far as we can tell it.
function io_lib.getpass()
	io.write("\27[8m");
	local password = io.read("*l");
	io.write("\27[0m\n");
	return password;
end

-- The prompt's answers stand in brackets, the default one as a capital: "Go on? [Y/n]". true for yes; nil without an answer.
function io_lib.show_yesno(prompt)
	io.write(prompt, " ");
	local choice = (io_lib.getchar() or ""):lower();
	if not choice:find("%a") then
		choice = (prompt:match("%[.-(%u).-%]") or ""):lower();
	end
	if choice == "" then return nil; end
	return choice == "y";
end

-- A new password, typed twice; nil if that was given up.
function io_lib.read_password()
	repeat
		io.write("New password: ");
		local password = io_lib.getpass();
		if not password or password == "" then return nil; end
		io.write("Once more: ");
		if io_lib.getpass() == password then
			return password;
		end
	until not io_lib.show_yesno("They differ. Try again? [Y/n]");
end

function io_lib.show_prompt(prompt)
	io.write(prompt, " ");
	local line = io.read("*l");
	return line ~= "" and line or nil;
end

function io_lib.printf(format, ...)
	print(format:format(...));
end

function io_lib.padright(text, width)
	return text..(" "):rep(width-length(text));
end

function io_lib.padleft(text, width)
	return (" "):rep(width-length(text))..text;
end

-- The text, cut to so many characters, the last of which then is "…".
function io_lib.ellipsis(text, width)
	if length(text) <= width then
		return text;
	end
	return cut(text, width-1).."\226\128\166";
end

local second = 1;
local minute, hour, day = 60*second, 3600*second, 86400*second;
local durations = {
	s = second, min = minute, h = hour, d = day, w = 7*day, m = minute, mo = 31*day, mon = 31*day, y = 365.2425*day;
	sec = second, ho = hour, hr = hour, da = day, we = 7*day, ye = 365.2425*day;
};

local function duration(text, exact)
	local n, unit = text:lower():match("^%s*(%d+%.?%d*)%s*(%a*)%s*$");
	if not n then return nil; end
	if unit == "" then unit = "s"; end
	if exact and unit == "m" then return nil; end -- minutes or months?
	local factor = durations[unit] or durations[unit:sub(1, 3)] or durations[unit:sub(1, 2)] or (#unit > 3 and durations[unit:sub(1, 1)]);
	return factor and tonumber(n) * factor;
end

-- (13) Seconds of "2 weeks", "90 min", "1d"; nil if it is none. "5m" is taken for minutes by the lax one only.
function io_lib.parse_duration(text) return duration(text, true); end
function io_lib.parse_duration_lax(text) return duration(text, false); end

-- Widths in characters: columns with a number get that (at least their title), those with a percentage so much of the rest, and those with
-- parts (13: "2p") divide what is left then.
local function column_widths(columns, total)
	local widths, free, parts = {}, total, 0;
	for i, column in ipairs(columns) do
		local width = tonumber(column.width or 0);
		if width then
			widths[i] = math.max(width, column.title and #column.title+1 or 0);
			free = free - widths[i];
		else
			parts = parts + tonumber(column.width:match("^(.+)p$") or 0);
		end
	end
	local left = free;
	for i, column in ipairs(columns) do
		local percentage = not widths[i] and column.width:match("^(.+)%%$");
		if percentage then
			widths[i] = math.floor(free * tonumber(percentage) / 100);
			left = left - widths[i];
		end
	end
	for i, column in ipairs(columns) do
		widths[i] = widths[i] or math.max(1, math.floor(left * tonumber(column.width:match("^(.+)p$")) / parts));
	end
	return widths;
end

-- columns: a list of { title, key, width (number, "50%" or "2p"), align = "right", mapper = f(value, row), default }. Returns a function from a
-- row (a table by column key, or a list) to its line; without a row, to the line of titles.
function io_lib.table(columns, max_width)
	local separator = " | ";
	max_width = max_width or tonumber(os.getenv("COLUMNS")) or 80;
	local widths = column_widths(columns, max_width - #separator * (#columns-1));

	local function cell(i, column, row)
		local value;
		if not row then
			value = column.title;
		else
			value = row[column.key or i];
			if column.mapper then value = column.mapper(value, row); end
		end
		if value == nil then value = row and column.default or ""; end
		local pad = column.align == "right" and io_lib.padleft or io_lib.padright;
		return pad(io_lib.ellipsis(tostring(value), widths[i]), widths[i]);
	end

	return function (row)
		local cells = {};
		for i, column in ipairs(columns) do
			cells[i] = cell(i, column, row);
		end
		return table.concat(cells, separator);
	end, max_width;
end

return io_lib;
