---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Ad-hoc commands that show one form.
---@class util.adhoc.library
local lib = {}

---The same with values that the form shows.
---@param form table
---@param initial fun(data: table): table
---@param act fun(fields: table, errors: table?, data: table): table
---@return function
function lib.new_initial_data_form(form, initial, act) end

---A handler that shows a form and acts on what comes back.
---@param form table
---@param act fun(fields: table, errors: table?, data: table): table
---@return function
function lib.new_simple_form(form, act) end

return lib
