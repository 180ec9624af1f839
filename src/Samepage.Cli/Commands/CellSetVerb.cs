using System.CommandLine;
using System.Text;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Writes a value, and makes the cell for it where there is none.</summary>
internal sealed class CellSetVerb : Verb
{
    private readonly CellChoice _cell = new();
    private readonly Argument<string?> _value = new("VALUE")
    {
        Description = "The value. Without it, or with -, standard input to its end, byte for byte.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<long?> _capacity = new("--capacity")
    {
        Description = "If it is made: the most bytes that a value may have. Default: 65,472 for a cell and 192 for the values of a map, or what this value needs.",
        HelpName = "BYTES",
        CustomParser = a => ByteCount.Parse(a),
    };
    private readonly HoldOptions _hold = new();

    public CellSetVerb(Session session)
        : base(session, "set",
            "Write the value of a cell; everybody who reads finds it from then on. A cell that does not exist is made, and then held: it lives, with its value, only as long as anybody has it open.",
            "samepage cell set temperature 21.5",
            "samepage cell set settings --key colour blue",
            "samepage cell set picture --capacity 8M < picture.bmp",
            "samepage cell set state starting --for 1h &")
    {
        _cell.AddTo(this);
        Arguments.Add(_value);
        Add(_capacity);
        _hold.AddTo(this);
    }

    protected override int Run(ParseResult line)
    {
        int? capacity = line.GetValue(_capacity) is { } given ? (int)Math.Min(given, int.MaxValue) : null;
        bool created = !_cell.TryOpenToWrite(line, out CellValue? value);
        try
        {
            ReadOnlyMemory<byte> bytes = Value(line, value?.Capacity ?? capacity ?? Array.MaxLength);
            value ??= _cell.CreateOrOpen(line, capacity, bytes.Length, out created);
            if (!value.TryWrite(bytes.Span))
                throw new IOException($"{_cell.Describe(line)} was removed meanwhile. Nothing was written.");
            if (!created)
            {
                Session.Terminal.Say($"wrote {Shown.Bytes(bytes.Length)} to {_cell.Describe(line)}");
                return ExitCodes.Success;
            }
            Session.Terminal.Say($"created {_cell.Describe(line)} ({Shown.Bytes(bytes.Length)}, {Shown.Bytes(value.Capacity)} at most), held {_hold.Describe(line)}");
            _hold.Wait(line, Session.Ended);
            return ExitCodes.Success;
        }
        finally
        {
            value?.Dispose();
        }
    }

    private ReadOnlyMemory<byte> Value(ParseResult line, int longest) => line.GetValue(_value) is { } text and not "-"
        ? MessageInput.Fitting(Encoding.UTF8.GetBytes(text), longest)
        : MessageInput.Whole("-", longest, Session.Ended);
}
