using System.CommandLine;
using System.CommandLine.Parsing;
using Samepage.Cli.Output;

namespace Samepage.Cli.Parsing;

/// <summary>How a topic or a queue is made, as several verbs let it be said.</summary>
/// <typeparam name="TFull">What happens when it is full: Wait, DropOldest, DropNewest.</typeparam>
internal sealed class ChannelSettings<TFull>
    where TFull : struct, Enum
{
    private readonly Option<long?> _capacity = new("--capacity")
    {
        Description = "How many bytes of messages there is room for, for each who writes; a message has half of it at most. Default: 4M.",
        HelpName = "BYTES",
        CustomParser = a => ByteCount.Parse(a),
    };

    private readonly Option<TFull?> _full = new("--full")
    {
        Description = "What happens when nobody has read what is in the way: who writes waits, or messages are dropped. Default: wait.",
        HelpName = "wait|drop-oldest|drop-newest",
        CustomParser = FullOf,
    };

    public void AddTo(Command command)
    {
        command.Add(_capacity);
        command.Add(_full);
    }

    public bool AnyGiven(CommandResult line) => line.GetResult(_capacity) is not null || line.GetResult(_full) is not null;

    public long Capacity(ParseResult line, long otherwise) => line.GetValue(_capacity) ?? otherwise;

    public TFull Full(ParseResult line) => line.GetValue(_full) ?? default;

    private static TFull? FullOf(ArgumentResult argument)
    {
        string text = argument.Tokens[^1].Value;
        if (text is "wait" or "drop-oldest" or "drop-newest")
            return Enum.Parse<TFull>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
        argument.AddError($"{Shown.Name(text)} is no way to be full. Choose from wait, drop-oldest, drop-newest.");
        return null;
    }
}
