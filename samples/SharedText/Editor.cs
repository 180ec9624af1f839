using System.Text;

namespace SharedText;

/// <summary>The text at a terminal. Keys come on one thread, changes of others on a second; both draw.</summary>
internal sealed class Editor(LiveText shared)
{
    private readonly Lock _gate = new();
    private string _text = "";
    private int _cursor;
    private ulong _version;

    public void Run()
    {
        Console.Out.Write("\e[?1049h");
        try
        {
            new Thread(Follow) { IsBackground = true }.Start();
            string typed = "";
            while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Escape)
            {
                typed += key.KeyChar;
                // The first half of a character that comes as two.
                if (char.IsHighSurrogate(key.KeyChar))
                    continue;
                Press(key.Key, typed);
                typed = "";
            }
        }
        finally
        {
            Console.Out.Write("\e[?1049l");
        }
    }

    private void Follow()
    {
        for (; ; _ = shared.WaitForChange(_version, Timeout.InfiniteTimeSpan))
        {
            lock (_gate)
            {
                Accept(shared.Read(out _version));
                Draw();
            }
        }
    }

    private void Press(ConsoleKey key, string typed)
    {
        lock (_gate)
        {
            switch (key)
            {
                case ConsoleKey.LeftArrow:
                    _cursor -= Before();
                    break;
                case ConsoleKey.RightArrow:
                    _cursor += After();
                    break;
                case ConsoleKey.UpArrow when LineStart(_cursor) is int start and > 0:
                    _cursor = Math.Min(LineStart(start - 1) + _cursor - start, start - 1);
                    break;
                case ConsoleKey.DownArrow when _text.IndexOf('\n', _cursor) is int end and >= 0:
                    int next = _text.IndexOf('\n', end + 1);
                    _cursor = Math.Min(end + 1 + _cursor - LineStart(_cursor), next < 0 ? _text.Length : next);
                    break;
                case ConsoleKey.Backspace:
                    Edit(remove: true, "");
                    break;
                case ConsoleKey.Enter:
                    Edit(remove: false, "\n");
                    break;
                default:
                    if (!char.IsControl(typed[0]))
                        Edit(remove: false, typed);
                    break;
            }
            Draw();
        }
    }

    /// <summary>Applies the key to the newest text, whatever others did to it since it was drawn.</summary>
    private void Edit(bool remove, string insert) => shared.Change(current =>
    {
        Accept(current);
        int start = _cursor - (remove ? Before() : 0);
        _text = string.Concat(_text.AsSpan(0, start), insert, _text.AsSpan(_cursor));
        _cursor = start + insert.Length;
        return _text;
    });

    /// <summary>Takes the text of others and keeps the cursor between the characters where it stands.</summary>
    private void Accept(string text)
    {
        int same = _text.AsSpan().CommonPrefixLength(text);
        int sameEnd = 0;
        while (sameEnd < Math.Min(_text.Length, text.Length) - same && _text[^(sameEnd + 1)] == text[^(sameEnd + 1)])
            sameEnd++;
        if (_cursor > same)
            _cursor = Math.Max(_cursor, _text.Length - sameEnd) + text.Length - _text.Length;
        _text = text;
        if (_cursor > 0 && _cursor < text.Length && char.IsLowSurrogate(text[_cursor]))
            _cursor--;
    }

    private int Before() => _cursor == 0 ? 0 : _cursor > 1 && char.IsSurrogatePair(_text, _cursor - 2) ? 2 : 1;

    private int After() => _cursor == _text.Length ? 0 : char.IsSurrogatePair(_text, _cursor) ? 2 : 1;

    private int LineStart(int position) => _text.AsSpan(0, position).LastIndexOf('\n') + 1;

    private void Draw()
    {
        int row = _text.AsSpan(0, _cursor).Count('\n');
        int column = 0;
        foreach (Rune _ in _text.AsSpan(LineStart(_cursor).._cursor).EnumerateRunes())
            column++;
        int height = Math.Max(1, Console.WindowHeight - 1);
        int top = Math.Max(0, row - height + 1);
        var screen = new StringBuilder("\e[H");
        foreach (string line in _text.Split('\n').Skip(top).Take(height))
            screen.Append(line.AsSpan(0, Math.Min(line.Length, Math.Max(1, Console.WindowWidth - 1)))).Append("\e[K\r\n");
        screen.Append("\e[J").Append($"\e[{height + 1};1H\e[7m version {_version}, {_text.Length} characters; Esc ends \e[0m");
        Console.Out.Write(screen.Append($"\e[{row - top + 1};{column + 1}H"));
    }
}
