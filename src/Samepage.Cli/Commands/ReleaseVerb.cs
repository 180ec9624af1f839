using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Gives permits to a semaphore.</summary>
internal sealed class ReleaseVerb : Verb
{
    private readonly Argument<string> _name = Common.Name("Name of the semaphore.");
    private readonly Argument<int?> _count = new("COUNT")
    {
        Description = "How many permits. Default: 1.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = Count.AtLeast(1),
    };

    public ReleaseVerb(Session session)
        : base(session, "release", "Give permits to a semaphore.", "samepage release slots", "samepage release slots 3")
    {
        Add(_name);
        Add(_count);
    }

    protected override int Run(ParseResult line)
    {
        int count = line.GetValue(_count) ?? 1;
        using SharedSemaphore semaphore = SharedSemaphore.Open(line.GetRequiredValue(_name));
        int before = semaphore.Release(count);
        Session.Terminal.Say(Shown.Invariant($"released {count:N0} of {Shown.Name(semaphore.Name)}; there were {before:N0} before"));
        return ExitCodes.Success;
    }
}
