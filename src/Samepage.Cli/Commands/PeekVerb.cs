using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>What lies in a channel, without taking it.</summary>
internal sealed class PeekVerb : Verb
{
    private const int MostBytes = 1 << 20;

    private readonly Argument<string> _name = Common.Name("Name of the channel.");
    private readonly Option<int?> _count = new("--count") { Description = "How many of each writer's last messages. Default: 10.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };
    private readonly Option<long?> _length = new("--length")
    {
        Description = "How many bytes of each message at most. Default: 48.",
        HelpName = "BYTES",
        CustomParser = a => ByteCount.Parse(a),
    };
    private readonly Option<bool> _hex = Common.Switch("--hex", "Show the bytes as hex and text.");
    private readonly Option<bool> _json = Common.Json();

    public PeekVerb(Session session)
        : base(session, "peek",
            "Show the last messages that lie in a channel, of each who writes to it: kind, length and how they begin. " +
            "Nothing is taken and nobody is held up. A topic keeps messages until their room is needed, whether they were read or not; of a pipe those are shown that nobody has read yet.",
            "samepage peek news", "samepage peek frames --count 1 --length 256 --hex", "samepage peek news --json | jq '.[].text'")
    {
        Add(_name);
        Add(_count);
        Add(_length);
        Add(_hex);
        Add(_json);
    }

    protected override int Run(ParseResult line)
    {
        string name = line.GetRequiredValue(_name);
        int length = (int)Math.Min(line.GetValue(_length) ?? 48, MostBytes);
        SharedObjectInfo found = InfoVerb.Find(name);
        if (found.Kind is not (SharedObjectKind.Topic or SharedObjectKind.Queue or SharedObjectKind.Pipe) || ChannelInspector.Find(name) is not { } channel)
        {
            throw new SharedObjectException(FailureReason.WrongKind,
                $"{Shown.Name(found.Name)} is a {Shown.Kind(found.Kind)}: no messages lie in it.{Instead(found.Kind)}", found.Name, found.Kind);
        }
        IReadOnlyList<ChannelMessageInfo> messages = ChannelInspector.Peek(name, line.GetValue(_count) ?? 10, length);
        if (line.GetValue(_json))
            Json.Write(Session.Terminal.Out, messages.Select(m => PeekJson.Of(channel, m)).ToArray(), Json.Context.PeekJsonArray);
        else
            PeekTable.Write(Session.Terminal, channel, messages, line.GetValue(_hex));
        return ExitCodes.Success;
    }

    private static string Instead(SharedObjectKind kind) => kind switch
    {
        SharedObjectKind.Section => " \"samepage dump\" shows its bytes.",
        SharedObjectKind.Cell or SharedObjectKind.CellMap => " \"samepage cell get\" prints its value.",
        SharedObjectKind.Service => " \"samepage info\" shows where its calls stand.",
        _ => "",
    };
}
