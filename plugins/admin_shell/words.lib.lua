-- Reads a line as words: what stands in quotes is one, a backslash takes the meaning from the next character.

local function read_word(line, at)
	local word, quote = {}, nil;
	while at <= #line do
		local c = line:sub(at, at);
		if c == "\\" and at < #line then
			at = at + 1;
			table.insert(word, line:sub(at, at));
		elseif quote then
			if c == quote then quote = nil; else table.insert(word, c); end
		elseif c == "\"" or c == "'" then
			quote = c;
		elseif c:find("%s") then
			break;
		else
			table.insert(word, c);
		end
		at = at + 1;
	end
	if quote then return nil; end
	return table.concat(word), at;
end

-- read(line) → list of words; nil if a quote is not closed.
local function read(line)
	local words, at = {}, line:find("%S");
	while at do
		local word, after = read_word(line, at);
		if not word then return nil; end
		table.insert(words, word);
		at = line:find("%S", after);
	end
	return words;
end

return { read = read };
