using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Prints the value, and each that comes after it.</summary>
internal sealed class CellWatchVerb : Verb
{
    private readonly CellChoice _cell = new();
    private readonly Option<int?> _count = new("--count") { Description = "End after so many values, with the one that is there.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };
    private readonly Option<TimeSpan?> _timeout = Common.Time("--timeout", "End when no value has come for this long; before --count values with exit code 3.", ["-t"]);
    private readonly MessageFormat _format = new();

    public CellWatchVerb(Session session)
        : base(session, "watch",
            "Print the value of a cell, if it has one, and then each new one, a line each, until Ctrl+C. It sleeps until there is one; when several come while it prints, it goes on with the latest.",
            "samepage cell watch temperature",
            "samepage cell watch settings --key colour --count 1 --timeout 10s",
            "samepage cell watch state --json | jq .number")
    {
        _cell.AddTo(this);
        Add(_count);
        Add(_timeout);
        _format.AddTo(this);
    }

    protected override int Run(ParseResult line)
    {
        int? left = line.GetValue(_count);
        TimeSpan longest = line.GetValue(_timeout) ?? Timeout.InfiniteTimeSpan;
        using CellValue value = _cell.Open(line);
        using MessageLines lines = _format.Lines(line, Session.Terminal);
        ulong known = 0;
        while (true)
        {
            if (value.Read(out ulong number) is { } bytes && number != known)
            {
                known = number;
                lines.Write(bytes.Span, number: number);
                lines.Flush();
                if (--left == 0)
                    return ExitCodes.Success;
            }
            if (value.IsRemoved)
            {
                Session.Terminal.Remark($"{_cell.Describe(line)} was removed.");
                return ExitCodes.Failure;
            }
            if (!value.WaitForChange(known, longest, Session.Ended))
                return left is null ? ExitCodes.Success : ExitCodes.TimedOut;
        }
    }
}
