namespace Samepage.Cli.Top;

/// <summary>What the screen shows.</summary>
internal enum TopPage
{
    Table,
    Details,
    Help,
}

/// <summary>What is shown and how, and what a key does to it. Nothing here draws, looks or waits.</summary>
internal sealed class TopState
{
    private TopLook? _before;
    private TopLook? _now;
    private IReadOnlyList<TopRow> _rows = [];
    private TopObject? _chosen;
    private int _first;

    public TopPage Page { get; private set; }

    public TopSort Sort { get; set; }

    public bool IsReversed { get; set; }

    public bool IsPaused { get; private set; }

    /// <summary>What rows must be like.</summary>
    public string Filter { get; set; } = "";

    /// <summary>A filter is being typed; it counts already.</summary>
    public bool IsTyping { get; private set; }

    /// <summary>How many objects there are, shown or not.</summary>
    public int Count => _now?.Objects.Count ?? 0;

    /// <summary>The rows that are shown, in their order.</summary>
    public IReadOnlyList<TopRow> Rows => _rows;

    /// <summary>Which of them is chosen; 0 also when there are none.</summary>
    public int Chosen { get; private set; }

    /// <summary>Of the details, the first line that is shown.</summary>
    public int FirstDetail { get; private set; }

    /// <summary>Rates are those since the look before.</summary>
    public void See(TopLook look)
    {
        (_before, _now) = (_now, look);
        Arrange();
    }

    /// <summary>The first row to show where there is room for so many: the chosen one is among them.</summary>
    public int FirstShown(int room)
    {
        _first = Math.Clamp(_first, Math.Max(0, Chosen - room + 1), Chosen);
        return _first = Math.Max(0, Math.Min(_first, _rows.Count - room));
    }

    /// <summary>Does what a key says.</summary>
    /// <param name="key">The key.</param>
    /// <param name="page">How many rows there is room for.</param>
    /// <returns>False: that is the end.</returns>
    public bool Press(ConsoleKeyInfo key, int page)
    {
        if (IsTyping)
            Type(key);
        else if (Page != TopPage.Table)
            Leaf(key, page);
        else if (key.KeyChar is 'q' or 'Q')
            return false;
        else
            Do(key, page);
        Arrange();
        return true;
    }

    private void Type(ConsoleKeyInfo key)
    {
        if (key.Key is ConsoleKey.Enter or ConsoleKey.Escape)
        {
            IsTyping = false;
            if (key.Key == ConsoleKey.Escape)
                Filter = "";
        }
        else if (key.Key == ConsoleKey.Backspace)
            Filter = Filter.Length > 0 ? Filter[..^1] : "";
        else if (key.KeyChar >= ' ' && key.KeyChar != '\x7f')
            Filter += key.KeyChar;
    }

    /// <summary>In the details and the help.</summary>
    private void Leaf(ConsoleKeyInfo key, int page)
    {
        if (Page == TopPage.Details && Step(key.Key, page) is { } step)
            FirstDetail = (int)Math.Clamp((long)FirstDetail + step, 0, int.MaxValue);
        else
            Page = TopPage.Table;
    }

    private void Do(ConsoleKeyInfo key, int page)
    {
        if (Step(key.Key, page) is { } step)
            Choose((int)Math.Clamp((long)Chosen + step, 0, Math.Max(0, _rows.Count - 1)));
        else if (key.Key == ConsoleKey.Enter && _rows.Count > 0)
        {
            (Page, FirstDetail) = (TopPage.Details, 0);
            Choose(Chosen);
        }
        else
        {
            switch (char.ToLowerInvariant(key.KeyChar))
            {
                case 's':
                    Sort = (TopSort)(((int)Sort + 1) % Enum.GetValues<TopSort>().Length);
                    break;
                case 'r':
                    IsReversed = !IsReversed;
                    break;
                case 'p':
                    IsPaused = !IsPaused;
                    break;
                case '/':
                    (IsTyping, Filter) = (true, "");
                    break;
                case '?' or 'h':
                    Page = TopPage.Help;
                    break;
            }
        }
    }

    /// <summary>How far a key goes; null: it does not.</summary>
    private static int? Step(ConsoleKey key, int page) => key switch
    {
        ConsoleKey.UpArrow => -1,
        ConsoleKey.DownArrow => 1,
        ConsoleKey.PageUp => -Math.Max(1, page),
        ConsoleKey.PageDown => Math.Max(1, page),
        ConsoleKey.Home => int.MinValue,
        ConsoleKey.End => int.MaxValue,
        _ => null,
    };

    /// <summary>An object that was chosen stays so wherever it comes to stand; when it is gone, whatever stands in its place. Until then it is the first row.</summary>
    private void Arrange()
    {
        if (_now is null)
            return;
        _rows = TopModel.Sorted(TopModel.Rows(_before, _now).Where(r => TopModel.Matches(r.Object, Filter)), Sort, IsReversed);
        if (_chosen is null)
            return;
        int found = 0;
        while (found < _rows.Count && !_rows[found].Object.IsSame(_chosen))
            found++;
        Choose(found < _rows.Count ? found : Math.Clamp(Chosen, 0, Math.Max(0, _rows.Count - 1)));
    }

    private void Choose(int row)
    {
        Chosen = row;
        _chosen = row < _rows.Count ? _rows[row].Object : _chosen;
    }
}
