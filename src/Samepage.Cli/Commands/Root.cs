using System.CommandLine;
using System.CommandLine.Help;

namespace Samepage.Cli.Commands;

/// <summary>The tool itself: all verbs, and the help that goes with them.</summary>
internal sealed class Root : RootCommand
{
    public Root(Session session)
        : base("Shows and handles named shared memory, locks, signals and channels. An object lives as long as some process holds it.")
    {
        HelpName = "samepage";
        Add(new ListVerb(session));
        Add(new InfoVerb(session));
        Add(new DumpVerb(session));
        Add(new WatchVerb(session));
        Add(new TopVerb(session));
        Add(new CreateVerb(session));
        Add(new HoldVerb(session));
        Add(new ReadVerb(session));
        Add(new WriteVerb(session));
        Add(new PubVerb(session));
        Add(new SubVerb(session));
        Add(new SendVerb(session));
        Add(new ReceiveVerb(session));
        Add(new CatVerb(session));
        Add(new CellVerb(session));
        Add(new CallVerb(session));
        Add(new ServeVerb(session));
        Add(new PeekVerb(session));
        Add(new LockVerb(session));
        Add(new WaitVerb(session));
        Add(new SetVerb(session));
        Add(new ResetVerb(session));
        Add(new ReleaseVerb(session));
        Add(new CleanVerb(session));
        Add(new DoctorVerb(session));
        Add(new BenchVerb(session));
        Add(new BenchAnswerVerb(session));
        Add(new DemoVerb(session));

        HelpOption help = Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }
}
