---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The terminal.
---@class util.human.io.library
local lib = {}

---Cuts what is too long.
---@param text string
---@param width integer
---@return string
function lib.ellipsis(text, width) end

---Reads a character.
---@param n? integer
---@return string?
function lib.getchar(n) end

---Reads a line.
---@return string?
function lib.getline() end

---Reads a line that is not shown.
---@return string?
function lib.getpass() end

---Puts spaces before.
---@param text string
---@param width integer
---@return string
function lib.padleft(text, width) end

---Puts spaces behind.
---@param text string
---@param width integer
---@return string
function lib.padright(text, width) end

---A span of time in seconds.
---@param text string
---@return number?
function lib.parse_duration(text) end

---The same with fewer rules.
---@param text string
---@return number?
function lib.parse_duration_lax(text) end

---Prints.
---@param format string
---@param ... any
function lib.printf(format, ...) end

---Asks for a password twice.
---@return string?
function lib.read_password() end

---Asks.
---@param prompt string
---@return string?
function lib.show_prompt(prompt) end

---Asks for yes or no.
---@param prompt string
---@return boolean?
function lib.show_yesno(prompt) end

---A function that writes the rows of a table.
---@param columns table
---@param max_width? integer
---@return fun(row?: table): string
function lib.table(columns, max_width) end

return lib
