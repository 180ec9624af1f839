using Samepage.Torture;
using Samepage.Torture.Driving;
using Samepage.Torture.Soak;
using Samepage.Torture.Working;

// The program is the driver, and started by it with "worker" or "soak-worker" as its first word it is one of the others.
if (args is ["worker", ..])
    return Worker.Run(args[1..]);
if (args is ["soak-worker", ..])
    return SoakWorker.Run(args[1..]);
if (!Options.TryParse(args, out Options? options))
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
return Root.Within(() => options.Soak ? new SoakDriver(options).Run() : new Driver(options).Run());
