using System.CommandLine;
using Samepage.Cli.Bench;

namespace Samepage.Cli.Commands;

/// <summary>The other side of <see cref="BenchVerb"/>, which starts it; nobody else does.</summary>
internal sealed class BenchAnswerVerb : Verb
{
    private readonly Argument<string[]> _routes = new("ROUTE") { Description = "Addresses of the routes, in turn.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _size = BenchVerb.MessageSize();
    private readonly Option<bool> _spin = BenchVerb.Spin();

    public BenchAnswerVerb(Session session)
        : base(session, OtherSide.Verb, "Answer messages until standard input ends.")
    {
        Hidden = true;
        Add(_routes);
        Add(_size);
        Add(_spin);
    }

    protected override int Run(ParseResult line)
    {
        // A signal from the keyboard comes to both sides; this one leaves with the other.
        Session.Signals.Interceptor = static _ => { };
        var over = new CancellationTokenSource();
        new Thread(() => AwaitEndOfInput(over)) { IsBackground = true }.Start();
        BenchJob job = BenchVerb.Job(line.GetValue(_size), line.GetValue(_spin));
        var routes = new List<Route>();
        try
        {
            foreach (string address in line.GetRequiredValue(_routes))
                routes.Add(Route.Open(address, job, over.Token));
            AnswerUntilOver(new Race(routes, job, over.Token));
        }
        finally
        {
            foreach (Route route in routes)
                route.Dispose();
        }
        return ExitCodes.Success;
    }

    private static void AnswerUntilOver(Race race)
    {
        try
        {
            race.Answer();
        }
        catch (Exception e) when (Route.IsOver(e))
        {
            // That is how it ends.
        }
    }

    private static void AwaitEndOfInput(CancellationTokenSource over)
    {
        using Stream input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }
        over.Cancel();
    }
}
