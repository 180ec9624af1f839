using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Prints the latest value.</summary>
internal sealed class CellGetVerb : Verb
{
    private readonly CellChoice _cell = new();
    private readonly MessageFormat _format = new();

    public CellGetVerb(Session session)
        : base(session, "get", "Print the latest value of a cell, with a line end behind it. One that was never written is a failure.",
            "samepage cell get temperature",
            "samepage cell get settings --key colour",
            "samepage cell get picture --raw > picture.bmp")
    {
        _cell.AddTo(this);
        _format.AddTo(this);
    }

    protected override int Run(ParseResult line)
    {
        using CellValue value = _cell.Open(line);
        if (value.Read(out ulong number) is not { } bytes)
        {
            Session.Terminal.Remark($"{_cell.Describe(line)} was never written.");
            return ExitCodes.Failure;
        }
        using MessageLines lines = _format.Lines(line, Session.Terminal);
        lines.Write(bytes.Span, number: number);
        lines.Flush();
        return ExitCodes.Success;
    }
}
