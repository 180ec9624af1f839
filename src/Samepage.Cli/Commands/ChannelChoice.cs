using System.CommandLine;
using System.CommandLine.Parsing;
using Samepage.Channels;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>The topic or queue that a verb is about: one that is there, or, with <c>--create</c>, one that is made.</summary>
internal abstract class ChannelChoice<TFull>(string kind)
    where TFull : struct, Enum
{
    private readonly Argument<string> _name = Common.Name($"Name of the {kind}.");
    private readonly Option<bool> _create = Common.Switch("--create", $"Make the {kind} if there is none; it lives as long as anyone takes part in it.");

    protected ChannelSettings<TFull> Settings { get; } = new();

    public void AddNameTo(Command command) => command.Add(_name);

    public void AddOptionsTo(Command command)
    {
        command.Add(_create);
        Settings.AddTo(command);
        command.Validators.Add(Check);
    }

    protected string Name(ParseResult line) => line.GetRequiredValue(_name);

    protected bool Creates(ParseResult line) => line.GetValue(_create);

    private void Check(CommandResult line)
    {
        if (!line.GetValue(_create) && Settings.AnyGiven(line))
            line.AddError($"--capacity and --full say how a {kind} is made: they need --create.");
    }
}

/// <inheritdoc/>
internal sealed class TopicChoice() : ChannelChoice<TopicFullMode>("topic")
{
    public static TopicOptions Options(ChannelSettings<TopicFullMode> settings, ParseResult line)
    {
        var defaults = new TopicOptions();
        return defaults with { Capacity = settings.Capacity(line, defaults.Capacity), FullMode = settings.Full(line) };
    }

    public Topic Open(ParseResult line) => Creates(line) ? Topic.CreateOrOpen(Name(line), Options(Settings, line)) : Topic.Open(Name(line));
}

/// <inheritdoc/>
internal sealed class QueueChoice() : ChannelChoice<QueueFullMode>("queue")
{
    public static QueueOptions Options(ChannelSettings<QueueFullMode> settings, ParseResult line)
    {
        var defaults = new QueueOptions();
        return defaults with { Capacity = settings.Capacity(line, defaults.Capacity), FullMode = settings.Full(line) };
    }

    public Queue Open(ParseResult line) => Creates(line) ? Queue.CreateOrOpen(Name(line), Options(Settings, line)) : Queue.Open(Name(line));
}
