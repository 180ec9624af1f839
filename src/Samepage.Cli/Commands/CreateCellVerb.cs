using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Makes a cell.</summary>
internal sealed class CreateCellVerb : CreateKindVerb
{
    private readonly Option<long?> _capacity = new("--capacity") { Description = "The most bytes that a value may have. Default: 65,472.", HelpName = "BYTES", CustomParser = a => ByteCount.Parse(a) };

    public CreateCellVerb(Session session)
        : base(session, "cell", "Make a cell without a value and hold it, with the values that are written to it.", SignalAccess,
            "samepage create cell temperature", "samepage create cell picture --capacity 8M")
    {
        Add(_capacity);
        AddShared();
    }

    protected override IDisposable Make(ParseResult line, string name, SharedAccess access, out string details)
    {
        var options = new CellOptions { Access = access };
        options = options with { Capacity = (int)Math.Min(line.GetValue(_capacity) ?? options.Capacity, int.MaxValue) };
        details = $" (values of {Shown.Bytes(options.Capacity)} at most)";
        return Cell.Create(name, options);
    }
}
