package lualib

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// statement is a prepared statement and what its last execution gave.
type statement struct {
	c        *dbConnection
	stmt     *sql.Stmt
	columns  []string
	rows     [][]any // not fetched yet
	count    int
	affected int64
}

var errFinished = errors.New("the statement has been closed")

func quoteSQL(s string) string { return strings.ReplaceAll(s, "'", "''") }

func (l *library) prepareStatement(L *lua.LState, c *dbConnection, class *lua.LTable) int {
	stmt, err := c.conn.PrepareContext(context.Background(), L.CheckString(2))
	if err != nil {
		return pushFailure(L, err.Error())
	}
	L.Push(l.object(class, &statement{c: c, stmt: stmt}))
	return 1
}

// execute runs it. All rows are read at once, so that nothing stays open while Lua works on them.
func (s *statement) execute(args []any) error {
	if s.stmt == nil {
		return errFinished
	}
	if err := s.c.begin(); err != nil {
		return err
	}
	s.rows, s.columns, s.affected = nil, nil, 0
	rows, err := s.stmt.QueryContext(context.Background(), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if s.columns, err = rows.Columns(); err != nil {
		return err
	}
	for rows.Next() {
		row, places := make([]any, len(s.columns)), make([]any, len(s.columns))
		for i := range row {
			places[i] = &row[i]
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		s.rows = append(s.rows, row)
	}
	s.count = len(s.rows)
	if err := rows.Err(); err != nil || len(s.columns) > 0 {
		return err
	}
	rows.Close()
	return s.c.conn.QueryRowContext(context.Background(), "SELECT changes()").Scan(&s.affected)
}

// sqlValue is a Lua value as a database takes it.
func sqlValue(v lua.LValue) any {
	switch v := v.(type) {
	case lua.LBool:
		return bool(v)
	case lua.LNumber:
		if f := float64(v); f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return int64(f)
		}
		return float64(v)
	case lua.LString:
		return string(v)
	}
	return nil
}

func fromSQL(v any) lua.LValue {
	switch v := v.(type) {
	case int64:
		return lua.LNumber(v)
	case float64:
		return lua.LNumber(v)
	case string:
		return lua.LString(v)
	case []byte:
		return lua.LString(v)
	case bool:
		return lua.LBool(v)
	case time.Time:
		return lua.LString(v.Format(time.DateTime))
	}
	return lua.LNil
}

// next is the next row: by column's name, or by place. Nil at the end.
func (s *statement) next(L *lua.LState, named bool) lua.LValue {
	if len(s.rows) == 0 {
		return lua.LNil
	}
	row := s.rows[0]
	s.rows = s.rows[1:]
	t := L.CreateTable(len(row), 0)
	for i, v := range row {
		if named {
			t.RawSetString(s.columns[i], fromSQL(v))
		} else {
			t.RawSetInt(i+1, fromSQL(v))
		}
	}
	return t
}

func (s *statement) close() error {
	if s.stmt == nil {
		return nil
	}
	err := s.stmt.Close()
	s.stmt, s.rows = nil, nil
	return err
}

func statementMethods() map[string]lua.LGFunction {
	prepared := func(L *lua.LState) *statement { return self[*statement](L, "statement") }
	return map[string]lua.LGFunction{
		"execute": executeStatement,
		"fetch": func(L *lua.LState) int {
			L.Push(prepared(L).next(L, isTrue(L, 2)))
			return 1
		},
		"rows": func(L *lua.LState) int {
			s, named := prepared(L), isTrue(L, 2)
			L.Push(L.NewFunction(func(L *lua.LState) int {
				L.Push(s.next(L, named))
				return 1
			}))
			return 1
		},
		"affected": func(L *lua.LState) int {
			L.Push(lua.LNumber(prepared(L).affected))
			return 1
		},
		"rowcount": func(L *lua.LState) int {
			L.Push(lua.LNumber(prepared(L).count))
			return 1
		},
		"columns": func(L *lua.LState) int {
			t := L.NewTable()
			for _, name := range prepared(L).columns {
				t.Append(lua.LString(name))
			}
			L.Push(t)
			return 1
		},
		"close": func(L *lua.LState) int { return pushDone(L, prepared(L).close()) },
	}
}

// executeStatement: statement, values for the question marks → true, or false and why not.
func executeStatement(L *lua.LState) int {
	s := self[*statement](L, "statement")
	args := make([]any, 0, L.GetTop())
	for i := 2; i <= L.GetTop(); i++ {
		args = append(args, sqlValue(L.Get(i)))
	}
	if err := s.execute(args); err != nil {
		L.Push(lua.LFalse)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	L.Push(lua.LTrue)
	return 1
}

// doStatement is DBI.Do(connection, sql, …): prepares, executes, and gives the number of changed rows.
func doStatement(L *lua.LState) int {
	c := self[*dbConnection](L, "connection")
	stmt, err := c.conn.PrepareContext(context.Background(), L.CheckString(2))
	if err == nil {
		s := &statement{c: c, stmt: stmt}
		defer s.close()
		args := make([]any, 0, L.GetTop())
		for i := 3; i <= L.GetTop(); i++ {
			args = append(args, sqlValue(L.Get(i)))
		}
		if err = s.execute(args); err == nil {
			L.Push(lua.LNumber(s.affected))
			return 1
		}
	}
	L.Push(lua.LFalse)
	L.Push(lua.LString(err.Error()))
	return 2
}
