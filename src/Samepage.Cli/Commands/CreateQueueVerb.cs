using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Makes a queue.</summary>
internal sealed class CreateQueueVerb : CreateKindVerb
{
    private readonly ChannelSettings<QueueFullMode> _settings = new();
    private readonly Option<int?> _priorities = new("--priorities") { Description = "How many priorities there are, from 0 up; the highest is received first. Default: 1.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };

    public CreateQueueVerb(Session session)
        : base(session, "queue", "Make a queue and hold it, with what is sent to it.", SignalAccess,
            "samepage create queue jobs", "samepage create queue jobs --priorities 2 --capacity 1M")
    {
        _settings.AddTo(this);
        Add(_priorities);
        AddShared();
    }

    protected override IDisposable Make(ParseResult line, string name, SharedAccess access, out string details)
    {
        QueueOptions options = QueueChoice.Options(_settings, line);
        options = options with { Access = access, Priorities = line.GetValue(_priorities) ?? options.Priorities };
        details = $" ({Shown.Size(options.Capacity)} for each sender, {ChannelText.WhenFull((TopicFullMode)options.FullMode)})";
        return Queue.Create(name, options);
    }
}
