using System.Text.RegularExpressions;

namespace Samepage.Architecture;

/// <summary>The stores of a source file to memory that other processes see, and whether something can happen to the process between one and the next.</summary>
/// <remarks>
/// Behind each, in the same member, stands a <c>CrashSwitch.Reach</c> before the next store and before the member is left, unless it is left because an exchange
/// failed. Or a comment says why not: <c>NO-POINT: reason</c>, before the store, which holds for the stores right behind it as well, or before the whole member.
/// What begins with <c>ref _</c> is a field of an object of this process, and shared with nobody.
/// </remarks>
internal sealed partial class SharedStores
{
    private static readonly string[] _shared = [.. SourceTree.FolderOfType.Where(t => t.Value == "Layout").Select(t => t.Key[(t.Key.LastIndexOf('.') + 1)..])];

    private readonly string _code;
    private readonly string[] _lines;
    private readonly string[] _text;
    private readonly int[] _starts;
    private readonly SortedSet<int> _covered = [];
    private readonly List<string> _idle = [];
    private readonly List<Match> _stores = [];

    private SharedStores(SourceTree.SourceFile file)
    {
        _code = file.Code;
        _lines = _code.Split('\n');
        _text = file.Text.Split('\n');
        Assert.True(_lines.Length == _text.Length, $"{file.Path} has a comment over several lines; their numbers would not fit");
        _starts = new int[_lines.Length];
        for (int line = 1; line < _lines.Length; line++)
            _starts[line] = _starts[line - 1] + _lines[line - 1].Length + 1;
        string[] references =
        [
            .. RefLocal().Matches(_code).Select(m => m.Groups[1].Value),
            .. RefParameter().Matches(_code).Where(m => _shared.Contains(m.Groups[1].Value)).Select(m => m.Groups[2].Value),
        ];
        Regex throughReference = new(references.Length == 0 ? "(?!)" : $@"(?<=[;{{}})]\s*)(?:{string.Join('|', references.Distinct())})(?:\.\w+)*\s*(?:=(?![=>])|[-+|&^]=|\+\+|--)");
        _stores.AddRange(Store().Matches(_code).Concat(throughReference.Matches(_code)).OrderBy(m => m.Index));
        ReadMarkers();
    }

    /// <summary>What stands in a file against the rule, with line numbers.</summary>
    public static IEnumerable<string> Offenders(SourceTree.SourceFile file)
    {
        var stores = new SharedStores(file);
        foreach (Match store in stores._stores)
        {
            int line = stores.LineOf(store.Index);
            if (!stores._covered.Contains(line) && !stores.IsFollowedByPoint(store))
                yield return $"{file.Path}({line + 1}): nothing can happen behind {stores._lines[line].Trim()}";
        }
        foreach (string idle in stores._idle)
            yield return $"{file.Path}{idle}";
    }

    public static int CountIn(SourceTree.SourceFile file) => new SharedStores(file)._stores.Count;

    private bool IsFollowedByPoint(Match store)
    {
        int at = EndOfCall(store);
        int end = EndOfMember(store.Index);
        Match first = Next().Match(_code, at, end - at);
        Match? other = _stores.FirstOrDefault(s => s.Index >= at && s.Index < end);
        // if (!exchange) return: nothing was stored then.
        if (first.Success && first.Groups["jump"].Success && IsNegated(store) && Guarded().Match(_code, at, end - at) is { Success: true } guard && guard.Index == at)
            first = Next().Match(_code, guard.Index + guard.Length, end - guard.Index - guard.Length);
        return first.Groups["point"].Success && (other is null || first.Index < other.Index);
    }

    private bool IsNegated(Match store) => store.Index > 0 && _code[store.Index - 1] == '!';

    /// <summary>Behind the call's closing parenthesis, or the sign of a plain store.</summary>
    private int EndOfCall(Match store)
    {
        int at = store.Index + store.Length;
        if (_code[at - 1] != '(')
            return at;
        for (int depth = 1; depth > 0; at++)
            depth += _code[at] == '(' ? 1 : _code[at] == ')' ? -1 : 0;
        return at;
    }

    /// <summary>Where the method or the accessor ends in which something stands.</summary>
    private int EndOfMember(int index)
    {
        var open = new Stack<int>();
        for (int at = 0; at < index; at++)
        {
            if (_code[at] == '{')
                open.Push(at);
            else if (_code[at] == '}')
                _ = open.Pop();
        }
        int[] braces = [.. open.Reverse()];
        int member = Array.FindLastIndex(braces, b => TypeHeader().IsMatch(HeaderOf(b))) + 1;
        // { get => …; set => … } is no body.
        while (member < braces.Length && IsPropertyBlock(braces[member]))
            member++;
        if (member == braces.Length)
            return _code.IndexOf(';', index);
        int end = braces[member] + 1;
        for (int depth = 1; depth > 0; end++)
            depth += _code[end] == '{' ? 1 : _code[end] == '}' ? -1 : 0;
        return end;
    }

    private bool IsPropertyBlock(int brace) => PropertyBegin().Match(_code, brace) is { Success: true } m && m.Index == brace;

    private string HeaderOf(int brace) => brace == 0 ? "" : _code[(_code.LastIndexOfAny([';', '{', '}'], brace - 1) + 1)..brace];

    private void ReadMarkers()
    {
        for (int line = 0; line < _text.Length; line++)
        {
            Match marker = Marker().Match(_text[line]);
            if (!marker.Success)
                continue;
            int from = line;
            while (string.IsNullOrWhiteSpace(_lines[from]))
                from++;
            int to = Member().IsMatch(_lines[from]) ? LineOf(EndOfDeclared(from)) : EndOfRun(from);
            if (marker.Groups[1].Value.Trim().Length == 0)
                _idle.Add($"({line + 1}): NO-POINT without a reason");
            if (!_stores.Any(s => LineOf(s.Index) >= from && LineOf(s.Index) <= to))
                _idle.Add($"({line + 1}): NO-POINT for nothing that is stored");
            for (int covered = from; covered <= to; covered++)
                _ = _covered.Add(covered);
        }
    }

    private int EndOfDeclared(int line)
    {
        int semicolon = _code.IndexOf(';', _starts[line]);
        int brace = _code.IndexOf('{', _starts[line]);
        if (brace < 0 || semicolon < brace)
            return semicolon;
        int end = brace + 1;
        for (int depth = 1; depth > 0; end++)
            depth += _code[end] == '{' ? 1 : _code[end] == '}' ? -1 : 0;
        return end;
    }

    /// <summary>The last line of the statement, and of the stores right behind it.</summary>
    private int EndOfRun(int line)
    {
        while (true)
        {
            while (!(_lines[line].TrimEnd() is [.., ';' or '{' or '}']))
                line++;
            if (!_stores.Any(s => LineOf(s.Index) == line + 1))
                return line;
            line++;
        }
    }

    private int LineOf(int index)
    {
        int found = Array.BinarySearch(_starts, index);
        return found >= 0 ? found : ~found - 1;
    }

    [GeneratedRegex(@"SharedAtomics\.(?:Release|Store(?:InOrder)?|Exchange|CompareExchange|Increment|Add|Or|And|Take|Publish)(?:<\w+>)?\((?!\s*ref _)"
        + @"|Futex\.(?:SetAndWake|OrAndWakeAll|ClearAndWakeAll)\("
        + @"|->\w+(?:\[[^\]]*\]|\.\w+)*\s*(?:=(?![=>])|[-+|&^]=|\+\+|--)"
        + @"|(?<=[;{}]\s*)\*[\w(][^;={}]*=(?![=>])"
        + @"|(?<=[;{})]\s*)\(\(\w+\*\)[^;={}]*\)\[[^\]]*\]\s*=(?![=>])")]
    private static partial Regex Store();

    [GeneratedRegex(@"\bref\s+\w+\s+(\w+)\s*=\s*ref\s+(?!_)")]
    private static partial Regex RefLocal();

    [GeneratedRegex(@"[(,]\s*ref\s+(\w+)\s+(\w+)\s*[,)]")]
    private static partial Regex RefParameter();

    [GeneratedRegex(@"(?<point>CrashSwitch\.Reach\()|(?<jump>\b(?:return|continue|break|throw|goto)\b)")]
    private static partial Regex Next();

    [GeneratedRegex(@"[\s)]*\{?\s*(?:return|continue)[^;]*;")]
    private static partial Regex Guarded();

    [GeneratedRegex(@"\b(?:class|struct|interface|record|enum)\s+\w+")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"\{\s*(?:\[[^\]]*\]\s*)?(?:get|set|init|add|remove)\b")]
    private static partial Regex PropertyBegin();

    [GeneratedRegex(@"^\s*(?:\[|(?:public|private|internal|protected|static)\s|(?:get|set|init)\b|\w+(?:<\w+>)? I\w+\.\w+\()")]
    private static partial Regex Member();

    [GeneratedRegex(@"// NO-POINT:(.*)")]
    private static partial Regex Marker();
}
