using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Publishes messages to a topic.</summary>
internal sealed class PubVerb : Verb
{
    private readonly TopicChoice _topic = new();
    private readonly MessageSource _source = new();
    private readonly Option<uint?> _kind = new("--kind") { Description = "What subscribers may choose by. Default: 0.", HelpName = "NUMBER", CustomParser = a => MessageKind.Parse(a) };

    public PubVerb(Session session)
        : base(session, "pub", "Publish messages to a topic. Every subscriber gets each of them.",
            "samepage pub news 'it rains'",
            "tail -f log | samepage pub log --create --full drop-oldest",
            "samepage pub frames --file frame.bmp --kind 2",
            "samepage pub tick now --count 10 --every 1s")
    {
        _topic.AddNameTo(this);
        _source.AddTo(this);
        Add(_kind);
        _topic.AddOptionsTo(this);
    }

    protected override int Run(ParseResult line)
    {
        using Topic topic = _topic.Open(line);
        using TopicPublisher publisher = topic.CreatePublisher();
        uint kind = line.GetValue(_kind) ?? 0;
        (long, long) published = _source.Each(line, Session, publisher.LongestMessage, message => publisher.Publish(message.Span, kind, Session.Ended));
        MessageSource.Tell(Session, "published", published, publisher.Dropped, topic.Name);
        return ExitCodes.Success;
    }
}
