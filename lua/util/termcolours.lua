-- util.termcolours: styles of a terminal (ECMA-48).

local styles = {
	reset = 0, normal = 0, bright = 1, bold = 1, dim = 2, dark = 2, underscore = 4, underline = 4, underlined = 4, blink = 5, reverse = 7, hidden = 8;
};
local css = { ["1"] = "font-weight: bold", ["2"] = "opacity: 0.5", ["4"] = "text-decoration: underline", ["8"] = "visibility: hidden" };
for i, colour in ipairs { "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white" } do
	styles[colour], styles[colour.." background"] = 29 + i, 39 + i;
	css[tostring(29 + i)], css[tostring(39 + i)] = "color: "..colour, "background-color: "..colour;
end

-- The nearest of the 6×6×6 cube of colours, or of its grays.
local function cube(red, green, blue)
	if red == green and green == blue then
		return 232 + math.floor(red * 3/32);
	end
	local function level(value) return math.floor(value * 3/128); end
	return 16 + 36*level(red) + 6*level(green) + level(blue);
end

-- The code of a style: a name, or "rrggbb" or "rrggbb background".
local function code(style)
	local red, green, blue, background = tostring(style):match("^(%x%x)(%x%x)(%x%x)(.*)$");
	if styles[style] or not red then
		return styles[style];
	end
	local kind = background == " background" and "48;5;%d" or "38;5;%d";
	return kind:format(cube(tonumber(red, 16), tonumber(green, 16), tonumber(blue, 16)));
end

-- The codes of some styles in one string, for the other functions.
local function getstyle(...)
	local codes = {};
	for _, style in ipairs { ... } do
		codes[#codes+1] = code(style);
	end
	return table.concat(codes, ";");
end

-- style may be nil.
local function getstring(style, text)
	return style and "\27["..style.."m"..text.."\27[0m" or text;
end

local current = "0";

local function setstyle(style)
	style = style or "0";
	if style ~= current then
		io.write("\27["..style.."m");
		current = style;
	end
end

local function tohtml(text)
	return (text:gsub("\27%[(.-)m", function (codes)
		if codes == "0" then return "</span>"; end
		local rules = {};
		for one in codes:gmatch("[^;]+") do
			rules[#rules+1] = css[one];
		end
		return "</span><span style='"..table.concat(rules, ";").."'>";
	end));
end

return { getstyle = getstyle, getstring = getstring, setstyle = setstyle, tohtml = tohtml };
