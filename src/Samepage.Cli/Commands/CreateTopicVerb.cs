using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Makes a topic.</summary>
internal sealed class CreateTopicVerb : CreateKindVerb
{
    private readonly ChannelSettings<TopicFullMode> _settings = new();
    private readonly Option<int?> _publishers = new("--publishers") { Description = "How many may publish at one time. Default: 16.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };
    private readonly Option<int?> _subscribers = new("--subscribers") { Description = "How many may subscribe at one time. Default: 63.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };

    public CreateTopicVerb(Session session)
        : base(session, "topic", "Make a topic and hold it, with what is published to it.", SignalAccess,
            "samepage create topic news", "samepage create topic frames --capacity 64M --full drop-oldest")
    {
        _settings.AddTo(this);
        Add(_publishers);
        Add(_subscribers);
        AddShared();
    }

    protected override IDisposable Make(ParseResult line, string name, SharedAccess access, out string details)
    {
        TopicOptions options = TopicChoice.Options(_settings, line);
        options = options with
        {
            Access = access,
            MaxPublishers = line.GetValue(_publishers) ?? options.MaxPublishers,
            MaxSubscribers = line.GetValue(_subscribers) ?? options.MaxSubscribers,
        };
        details = $" ({Shown.Size(options.Capacity)} for each publisher, {ChannelText.WhenFull(options.FullMode)})";
        return Topic.Create(name, options);
    }
}
