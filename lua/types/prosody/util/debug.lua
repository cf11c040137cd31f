---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Tracebacks that show variables.
---@class util.debug.library
local lib = {}

---The local variables of a function that runs.
---@param thread? thread
---@param level? integer
---@return table
function lib.get_locals_table(thread, level) end

---The functions that run, with their variables.
---@param thread? thread
---@param start? integer
---@return table
function lib.get_traceback_table(thread, start) end

---The variables that a function has from outside.
---@param f function
---@return table
function lib.get_upvalues_table(f) end

---Variables as text.
---@param list table
---@param max_width? integer
---@param indent? string
---@return string?
function lib.string_from_var_table(list, max_width, indent) end

---A traceback with variables.
---@param ... any
---@return string
function lib.traceback(...) end

---Makes that debug.traceback.
function lib.use() end

return lib
