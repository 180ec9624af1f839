using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Makes a map of cells.</summary>
internal sealed class CreateCellMapVerb : CreateKindVerb
{
    private readonly Option<long?> _capacity = new("--capacity") { Description = "The most bytes that a value may have. Default: 192.", HelpName = "BYTES", CustomParser = a => ByteCount.Parse(a) };
    private readonly Option<int?> _keys = new("--keys") { Description = "How many keys there can be at one time. Default: 1,023.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };

    public CreateCellMapVerb(Session session)
        : base(session, "cell-map", "Make a map of cells without keys and hold it, with the values that are written to it.", SignalAccess,
            "samepage create cell-map settings", "samepage create cell-map settings --keys 100 --capacity 4K")
    {
        Add(_capacity);
        Add(_keys);
        AddShared();
    }

    protected override IDisposable Make(ParseResult line, string name, SharedAccess access, out string details)
    {
        var options = new CellMapOptions { Access = access };
        options = options with
        {
            ValueCapacity = (int)Math.Min(line.GetValue(_capacity) ?? options.ValueCapacity, int.MaxValue),
            MaxKeys = line.GetValue(_keys) ?? options.MaxKeys,
        };
        details = Shown.Invariant($" ({options.MaxKeys:N0} keys, with values of {Shown.Bytes(options.ValueCapacity)} at most)");
        return CellMap.Create(name, options);
    }
}
