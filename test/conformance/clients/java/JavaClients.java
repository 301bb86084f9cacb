import java.util.regex.Pattern;

/** All cases against the lab at args[0], or those whose name matches args[1]. */
public final class JavaClients {
  public static void main(String[] args) throws Exception {
    Lab lab = new Lab(args[0]);
    Cases cases = new Cases();
    Topics.add(cases.group("topics"), lab);
    Producing.add(cases.group("produce"), lab);
    Consuming.add(cases.group("consume"), lab);
    for (String protocol : new String[] {"classic", "consumer"}) {
      new Groups(lab, protocol).add(cases.group(protocol + " groups"));
    }
    ClassicGroups.add(cases.group("classic groups"), lab);
    Transactions.add(cases.group("transactions"), lab);
    TransactionAdmin.add(cases.group("transactions"), lab);
    Administration.add(cases.group("admin"), lab);
    OffsetAdmin.add(cases.group("admin"), lab);
    addNewer(cases.group("since 4.0"), lab);
    cases.run(Pattern.compile(args.length > 1 ? args[1] : ""));
    lab.admin.close();
  }

  /** Cases that clients before 4.0 have no API for are not compiled with those. */
  private static void addNewer(Cases cases, Lab lab) throws ReflectiveOperationException {
    try {
      Class.forName("SinceFour").getMethod("add", Cases.class, Lab.class).invoke(null, cases, lab);
    } catch (ClassNotFoundException absent) {
      System.err.println("a client before 4.0");
    }
  }
}
